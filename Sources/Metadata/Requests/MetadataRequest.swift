/// A request to a metadata server, as far as its answer depends on it.
struct MetadataRequest: Hashable {
    /// `GET`
    var method: String
    /// The names of the path, decoded.
    var path: [String]
    /// Whether the path ends in a slash.
    var endsInSlash: Bool
    /// The query's items, decoded; of several by one name the first.
    var query: [String: String]
    /// The path and the query as they came.
    var target: String
    /// The header says that the caller means a metadata server: nobody's browser, and no careless proxy does.
    var isMeant: Bool
    /// It came through a proxy.
    var isForwarded: Bool

    /// Takes the parts of a request; nil for a target that is none.
    init?(method: String, target: String, isMeant: Bool, isForwarded: Bool) {
        guard target.hasPrefix("/"), target.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let names = parts[0].split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let decoded = names.compactMap { Self.decoded($0) }
        guard decoded.count == names.count else { return nil }
        endsInSlash = decoded.last == ""
        path = endsInSlash ? decoded.dropLast() : decoded
        query = [:]
        for item in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(pair[0]), let value = Self.decoded(pair.count > 1 ? pair[1] : "") else {
                return nil
            }
            query[name] = query[name] ?? value
        }
        self.method = method
        self.target = target
        self.isMeant = isMeant
        self.isForwarded = isForwarded
    }

    /// Whether a flag of the query is set.
    func flag(_ name: String) -> Bool { query[name]?.lowercased() == "true" }

    /// Undoes percent-encoding, and `+` for a blank; nil for what is none, or is no text.
    private static func decoded(_ text: Substring) -> String? {
        guard text.utf8.contains(where: { $0 == 0x25 || $0 == 0x2B }) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x2B: bytes.append(0x20)
            case 0x25:
                guard let digits = String(rest.prefix(2)), digits.utf8.count == 2, digits.first != "+",
                    digits.first != "-", let value = UInt8(digits, radix: 16)
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
