import Requests

/// Puts the values of variables where words have `$(NAME)` (Kubernetes, commands and arguments of a container): unknown
/// names stay as they are, and `$$` stands for a dollar sign.
struct VariableExpansion: Sendable {
    /// Some words came out longer than any system can start a program with.
    struct TooLong: Error, Hashable {}

    /// What Linux takes for one word, in bytes.
    static let longestWord = (128 << 10) - 1
    /// What Linux takes for all words of a program together, in bytes.
    static let mostBytes = 2 << 20

    let variables: [String: String]

    /// Words with the values put in.
    ///
    /// - Throws: `TooLong`: a few words can name a long variable thousands of times.
    func expanded(_ words: [String]) throws(TooLong) -> [String] {
        var (result, room): ([String], Int) = ([], Self.mostBytes)
        for word in words {
            let word = try expanded(word, atMost: min(room, Self.longestWord))
            room -= word.utf8.count
            result.append(word)
        }
        return result
    }

    private func expanded(_ word: String, atMost most: Int) throws(TooLong) -> String {
        var result = ""
        var rest = word[...]
        func append(_ text: some StringProtocol) throws(TooLong) {
            guard result.utf8.count + text.utf8.count <= most else { throw TooLong() }
            result += text
        }
        while let dollar = rest.utf8.firstIndex(of: UInt8(ascii: "$")) {
            try append(rest[..<dollar])
            rest = rest[rest.utf8.index(after: dollar)...]
            if rest.utf8.first == UInt8(ascii: "$") {
                try append("$")
                rest = rest[rest.utf8.index(after: rest.startIndex)...]
            } else if let (value, end) = variable(in: rest) {
                try append(value)
                rest = rest[end...]
            } else {
                try append("$")
            }
        }
        try append(rest)
        return result
    }

    /// The value of the variable that a text begins with, in parentheses, and where the text goes on.
    private func variable(in text: Substring) -> (value: String, end: String.Index)? {
        guard text.utf8.first == UInt8(ascii: "(") else { return nil }
        let inner = text[text.utf8.index(after: text.startIndex)...]
        let end = inner.utf8.firstIndex { !Self.isNameByte($0) } ?? inner.endIndex
        guard inner.utf8[end...].first == UInt8(ascii: ")"), let value = variables[String(inner[..<end])] else {
            return nil
        }
        return (value, inner.utf8.index(after: end))
    }

    /// No variable has another character in its name, so that a word is looked through once.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.underscore
    }
}
