import PredefinedRoles

/// A file of `Sources/PredefinedRoles` as lines of words, without comments and empty lines.
struct CatalogText {
    private(set) var lines: [Line] = []

    /// `permissions.txt`.
    static var permissions: CatalogText {
        var length = 0
        let bytes = predefined_permissions(&length)
        return CatalogText(UnsafeBufferPointer(start: bytes, count: length))
    }

    /// The files of `roles/`.
    static var roles: CatalogText {
        var length = 0
        let bytes = predefined_roles(&length)
        return CatalogText(UnsafeBufferPointer(start: bytes, count: length))
    }

    init(_ text: String) {
        var text = text
        self = text.withUTF8 { CatalogText($0) }
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var number = 0
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            number += 1
            if let line = Line(number: number, bytes[start..<end]) { lines.append(line) }
            start = end + 1
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

        fileprivate init?(number: Int, _ text: Slice<UnsafeBufferPointer<UInt8>>) {
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
