import FoundationEssentials

/// Where a page of a list ended, in the opaque form that clients hand back (AIP-158).
public enum PageToken {
    /// A token for what follows `last`.
    ///
    /// - Parameter scope: the parameters of the list, which must be the same for the next page.
    public static func make(after last: String, scope: [String]) -> String {
        let text = "\(fingerprint(scope)) \(last)"
        return String(
            Data(text.utf8).base64EncodedString().filter { $0 != "=" }.map { character in
                switch character {
                case "+": "-"
                case "/": "_"
                default: character
                }
            })
    }

    /// Where the page before ended; nil for the first page.
    ///
    /// - Throws: `INVALID_ARGUMENT` for a token that was not made for a list with these parameters.
    public static func read(_ token: String, scope: [String]) throws -> String? {
        guard !token.isEmpty else { return nil }
        var base64 = token.replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard token.utf8.count <= 4096, let data = Data(base64Encoded: base64),
            let text = String(validating: data, as: UTF8.self), let space = text.firstIndex(of: " "),
            text[..<space] == fingerprint(scope)
        else {
            throw ServiceError.invalidArgument(
                "The page token is not valid for this list: start again without it.", field: "page_token")
        }
        return String(text[text.index(after: space)...])
    }

    /// FNV-1a: it tells parameters apart and keeps no secret.
    private static func fingerprint(_ scope: [String]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in scope.joined(separator: "\n").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 36)
    }
}
