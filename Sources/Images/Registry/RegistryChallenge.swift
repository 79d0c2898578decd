/// What a registry asks for before it answers: one challenge of a `WWW-Authenticate` header.
enum RegistryChallenge: Sendable, Equatable {
    /// A token of a token server.
    case bearer(realm: String, service: String?)
    /// The user and password themselves.
    case basic

    /// The first challenge of the headers that can be met; a bearer's before the other.
    init?(_ headers: [String]) {
        let challenges = headers.prefix(8).compactMap(Self.read)
        let bearer = challenges.first { if case .bearer = $0 { true } else { false } }
        guard let best = bearer ?? challenges.first else { return nil }
        self = best
    }

    private static func read(_ header: String) -> RegistryChallenge? {
        let parts = header.split(separator: " ", maxSplits: 1)
        switch parts.first?.lowercased() {
        case "basic":
            return .basic
        case "bearer":
            let parameters = parameters(of: parts.count > 1 ? parts[1] : "")
            guard let realm = parameters["realm"] else { return nil }
            return .bearer(realm: realm, service: parameters["service"])
        default:
            return nil
        }
    }

    /// Reads `name="value", name=value`.
    private static func parameters(of text: Substring) -> [String: String] {
        var parameters: [String: String] = [:]
        var rest = text.prefix(4096)
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].filter { $0 != " " && $0 != "," }.lowercased()
            rest = rest[rest.index(after: equals)...]
            parameters[name] = rest.first == "\"" ? cutQuoted(&rest) : cutPlain(&rest)
        }
        return parameters
    }

    private static func cutPlain(_ rest: inout Substring) -> String {
        let value = rest.prefix { $0 != "," }
        rest = rest[value.endIndex...]
        return value.filter { $0 != " " }
    }

    private static func cutQuoted(_ rest: inout Substring) -> String {
        var value = ""
        var isEscaped = false
        rest = rest.dropFirst()
        while let character = rest.popFirst() {
            if isEscaped || (character != "\\" && character != "\"") {
                value.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                break
            }
        }
        return value
    }
}
