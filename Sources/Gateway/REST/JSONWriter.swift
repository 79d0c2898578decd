/// Writes the compact JSON of swift-protobuf as clients get it: what they selected, indented if they want.
///
/// The input is trusted to be JSON, for it comes from the encoder.
struct JSONWriter {
    private let input: [UInt8]
    private let isPretty: Bool
    private var position = 0
    private(set) var output: [UInt8] = []

    /// - Parameter json: Compact JSON.
    /// - Returns: The same, less what `selection` leaves out; two spaces an indent when pretty, as Google writes it.
    static func rewrite(_ json: [UInt8], isPretty: Bool, selection: FieldSelection?) -> [UInt8] {
        var writer = JSONWriter(input: json, isPretty: isPretty)
        writer.output.reserveCapacity(json.count * 2)
        writer.value(selection, indent: 0, isKept: true)
        if isPretty { writer.output.append(UInt8(ascii: "\n")) }
        return writer.output
    }

    private init(input: [UInt8], isPretty: Bool) {
        self.input = input
        self.isPretty = isPretty
    }

    private var byte: UInt8 { position < input.count ? input[position] : 0 }

    private mutating func value(_ selection: FieldSelection?, indent: Int, isKept: Bool) {
        switch byte {
        case UInt8(ascii: "{"): object(selection, indent: indent, isKept: isKept)
        case UInt8(ascii: "["): array(selection, indent: indent, isKept: isKept)
        case UInt8(ascii: "\""): copy(string(), isKept)
        default: copy(word(), isKept)
        }
    }

    private mutating func object(_ selection: FieldSelection?, indent: Int, isKept: Bool) {
        copy(position..<position + 1, isKept)
        position += 1
        var isEmpty = true
        while byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",") {
            if byte == UInt8(ascii: ",") { position += 1 }
            let name = string()
            position += 1
            var below: FieldSelection?
            var keepsMember = isKept
            if let selection {
                let found = selection.selection(of: String(decoding: input[name].dropFirst().dropLast(), as: UTF8.self))
                keepsMember = isKept && found != nil
                below = found ?? nil
            }
            if keepsMember {
                separate(isFirst: isEmpty, indent: indent + 1)
                copy(name, true)
                output.append(UInt8(ascii: ":"))
                if isPretty { output.append(UInt8(ascii: " ")) }
                isEmpty = false
            }
            value(below, indent: indent + 1, isKept: keepsMember)
        }
        close(isEmpty: isEmpty, indent: indent, isKept: isKept)
    }

    private mutating func array(_ selection: FieldSelection?, indent: Int, isKept: Bool) {
        copy(position..<position + 1, isKept)
        position += 1
        var isEmpty = true
        while position < input.count, byte != UInt8(ascii: "]") {
            if byte == UInt8(ascii: ",") { position += 1 }
            if isKept { separate(isFirst: isEmpty, indent: indent + 1) }
            isEmpty = false
            value(selection, indent: indent + 1, isKept: isKept)
        }
        close(isEmpty: isEmpty, indent: indent, isKept: isKept)
    }

    private mutating func separate(isFirst: Bool, indent: Int) {
        if !isFirst { output.append(UInt8(ascii: ",")) }
        newLine(indent: indent)
    }

    private mutating func close(isEmpty: Bool, indent: Int, isKept: Bool) {
        if isKept, !isEmpty { newLine(indent: indent) }
        copy(position..<position + 1, isKept)
        position += 1
    }

    private mutating func newLine(indent: Int) {
        guard isPretty else { return }
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * indent))
    }

    private mutating func copy(_ range: Range<Int>, _ isKept: Bool) {
        if isKept { output.append(contentsOf: input[range]) }
    }

    private mutating func string() -> Range<Int> {
        let start = position
        position += 1
        while position < input.count, byte != UInt8(ascii: "\"") {
            position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        position += 1
        return start..<position
    }

    /// A number, `true`, `false` or `null`. Whole numbers of free JSON, which the encoder writes as `1.0`, become `1`.
    private mutating func word() -> Range<Int> {
        let start = position
        while position < input.count, !endsWord { position += 1 }
        let isWhole = input[start..<position].suffix(2).elementsEqual(".0".utf8)
        return start..<(isWhole ? position - 2 : position)
    }

    private var endsWord: Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): true
        default: false
        }
    }
}
