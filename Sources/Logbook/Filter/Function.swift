import Schema

/// The functions of the Logging query language that are supported.
enum Function: Sendable {
    /// `log_id("run.googleapis.com/stdout")`
    case logID(String)
    /// `source(projects/demo)`: what is that resource's own.
    case source(String)
    /// `SEARCH("words")` in all fields, or in one.
    case search(Field?, [SearchTerm])
    /// `sample(insertId, 0.1)`: the same entries each time.
    case sample(Field, fraction: Double)
    /// `ip_in_net(httpRequest.remoteIp, "10.0.0.0/8")`
    case addressInNetwork(Field, Network)

    func matches(_ entry: LogEntry) -> Bool {
        switch self {
        case .logID(let id):
            return LogName(entry.logName)?.logID == id
        case .source(let resource):
            return LogName(entry.logName)?.parent.path == resource
        case .search(let field, let terms):
            return terms.allSatisfy { term in
                guard let field else { return entry.anyText(satisfies: term.isFound) }
                return field.anyValue(in: entry) { $0.text.map(term.isFound) ?? false }
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

/// A part of the query of `SEARCH`.
enum SearchTerm: Sendable {
    /// A run of letters and digits, to be found as a whole.
    case word(FoldedText)
    /// What stands in backticks, to be found as it is.
    case phrase(FoldedText)

    /// The terms of a query.
    static func terms(of query: String) -> [SearchTerm] {
        query.split(separator: "`", omittingEmptySubsequences: false).enumerated().flatMap { index, part in
            index % 2 == 1 ? [.phrase(FoldedText(String(part)))] : words(of: part).map { .word(FoldedText(String($0))) }
        }
    }

    func isFound(in text: String) -> Bool {
        switch self {
        case .phrase(let phrase): phrase.isContained(in: text)
        case .word(let word):
            word.isContained(in: text) && Self.words(of: text[...]).contains { word.equals(String($0)) }
        }
    }

    private static func words(of text: Substring) -> [Substring] {
        text.split { !$0.isLetter && !$0.isNumber }
    }
}

/// FNV-1a in 64 bits: spreads values evenly and gives the same number on every machine; no protection against intent.
enum Digest {
    static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
