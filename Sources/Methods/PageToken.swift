import FoundationEssentials

/// Where a page of a list ended, in the opaque form that clients hand back (AIP-158).
public enum PageToken {
    /// Longer tokens were not made here: the position may hold a name of a few kilobytes.
    private static let maximumLength = 4096

    private struct Content<Position: Codable>: Codable {
        let scope: String
        let position: Position
    }

    /// A token for what follows a position.
    ///
    /// - Parameters:
    ///   - position: what the list needs to go on: its last item.
    ///   - scope: the parameters of the list, which must be the same for the next page.
    public static func make(after position: some Codable, scope: [String]) throws -> String {
        let content = try JSONEncoder().encode(Content(scope: fingerprint(scope), position: position))
        return content.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    /// Where the page before ended; nil for the first page.
    ///
    /// - Throws: `INVALID_ARGUMENT` for a token that was not made for a list with these parameters.
    public static func read<Position: Codable>(
        _ token: String, as type: Position.Type = Position.self, scope: [String]
    ) throws -> Position? {
        guard !token.isEmpty else { return nil }
        var base64 = token.replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard token.utf8.count <= maximumLength, let data = Data(base64Encoded: base64),
            let content = try? JSONDecoder().decode(Content<Position>.self, from: data),
            content.scope == fingerprint(scope)
        else {
            throw ServiceError.invalidArgument(
                "Invalid value for 'page_token': it was not given out by a list with these parameters. Repeat the "
                    + "request with the parameters of the first page, or without a token.",
                field: "page_token")
        }
        return content.position
    }

    /// FNV-1a over the parameters and their lengths: it tells them apart, after every restart, and keeps no secret.
    private static func fingerprint(_ scope: [String]) -> String {
        let bytes = scope.map { "\($0.utf8.count):\($0)" }.joined().utf8
        return String(bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 36)
    }
}
