import PredefinedRoles

/// A file of `Sources/PredefinedRoles`: its lines, without comments and empty ones, are read one by one.
struct CatalogText: Sequence {
    private let bytes: [UInt8]

    /// `permissions.txt`.
    static var permissions: CatalogText {
        var length = 0
        let start = predefined_permissions(&length)
        return CatalogText(bytes: Array(UnsafeBufferPointer(start: start, count: length)))
    }

    /// The files of `roles/`.
    static var roles: CatalogText {
        var length = 0
        let start = predefined_roles(&length)
        return CatalogText(bytes: Array(UnsafeBufferPointer(start: start, count: length)))
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    init(_ text: String) { bytes = Array(text.utf8) }

    func makeIterator() -> AnyIterator<Line> {
        var number = 0
        var start = 0
        return AnyIterator { [bytes] in
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
                defer { start = end + 1 }
                number += 1
                if let line = Line(number: number, bytes[start..<end]) { return line }
            }
            return nil
        }
    }

    /// A line with something on it.
    struct Line {
        /// From 1 on.
        let number: Int
        let isIndented: Bool
        /// The first word.
        let key: String
        /// The words after it.
        private(set) var rest: [String] = []

        /// What follows the first word.
        var value: String { rest.joined(separator: " ") }

        fileprivate init?(number: Int, _ text: ArraySlice<UInt8>) {
            guard let first = text.first, first != UInt8(ascii: "#") else { return nil }
            var words = text.split(separator: UInt8(ascii: " ")).makeIterator()
            guard let key = words.next() else { return nil }
            self.number = number
            isIndented = first == UInt8(ascii: " ")
            self.key = String(decoding: key, as: UTF8.self)
            while let word = words.next() { rest.append(String(decoding: word, as: UTF8.self)) }
        }
    }
}

/// What is wrong with a line of the catalogue. The tests see to it that there is nothing.
struct CatalogFault: Hashable, CustomStringConvertible {
    /// The line's number in its text.
    let line: Int
    let problem: String

    var description: String { "line \(line): \(problem)" }
}
