import Schema

/// The functions of the Logging query language that are supported.
enum Function: Sendable {
    /// `log_id("run.googleapis.com/stdout")`
    case logID(String)
    /// `SEARCH("words")` in all fields, or in one.
    case search(Field?, [FoldedText])
    /// `sample(insertId, 0.1)`: the same entries each time.
    case sample(Field, fraction: Double)
    /// `ip_in_net(httpRequest.remoteIp, "10.0.0.0/8")`
    case addressInNetwork(Field, Network)

    func matches(_ entry: LogEntry) -> Bool {
        switch self {
        case .logID(let id):
            return LogName(entry.logName)?.logID == id
        case .search(let field, let words):
            return words.allSatisfy { word in
                guard let field else { return entry.anyText(satisfies: word.isWord) }
                return field.anyValue(in: entry) { $0.text.map(word.isWord) ?? false }
            }
        case .sample(let field, let fraction):
            return field.anyValue(in: entry) { value in
                guard let text = value.text else { return false }
                return Double(Digest.of(text.utf8) >> 11) / Double(1 << 53) < fraction
            }
        case .addressInNetwork(let field, let network):
            return field.anyValue(in: entry) { value in
                guard case .string(let text) = value else { return false }
                return network.contains(text)
            }
        }
    }
}

extension FoldedText {
    /// The words of a search: runs of letters and digits, and whole phrases in backticks.
    static func words(of query: String) -> [FoldedText] {
        query.split(separator: "`", omittingEmptySubsequences: false).enumerated().flatMap { index, part in
            index % 2 == 1
                ? [FoldedText(String(part))]
                : part.split { !$0.isLetter && !$0.isNumber }.map { FoldedText(String($0)) }
        }.filter { !$0.isEmpty }
    }

    /// Whether the text has these characters with no letter or digit right before or after them.
    fileprivate func isWord(in text: String) -> Bool {
        guard isContained(in: text) else { return false }
        let characters = Array(text.lowercased())
        let wanted = Array(lowercase)
        guard let first = wanted.first, characters.count >= wanted.count else { return false }
        let isInner = { (character: Character) in character.isLetter || character.isNumber }
        for start in 0...(characters.count - wanted.count) where characters[start] == first {
            let end = start + wanted.count
            guard characters[start..<end].elementsEqual(wanted) else { continue }
            if start > 0, isInner(characters[start - 1]) { continue }
            if end < characters.count, isInner(characters[end]) { continue }
            return true
        }
        return false
    }
}

/// FNV-1a in 64 bits: spreads values evenly and gives the same number on every machine; no protection against intent.
enum Digest {
    static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
