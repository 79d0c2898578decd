import Foundation
import Methods

/// A page token: a position, bound to the parameters of the request it came from.
struct PageToken<Position: Codable>: Codable {
    let position: Position
    private let parameters: UInt64

    init(_ position: Position, parameters: [String]) {
        self.position = position
        self.parameters = Self.fingerprint(parameters)
    }

    var text: String {
        get throws { try JSONEncoder().encode(self).base64EncodedString() }
    }

    /// The position in a token; nil when there is no token.
    ///
    /// - Throws: `INVALID_ARGUMENT` for a token that is none, or belongs to other parameters.
    static func position(in text: String, parameters: [String]) throws -> Position? {
        guard !text.isEmpty else { return nil }
        guard let data = Data(base64Encoded: text), let token = try? JSONDecoder().decode(Self.self, from: data),
            token.parameters == fingerprint(parameters)
        else {
            throw ServiceError.invalidArgument(
                "page_token is not valid, or the other parameters of the request have changed since it was given.",
                field: "page_token")
        }
        return token.position
    }

    /// FNV-1a over the parameters and their lengths: the same on every machine and after every restart.
    private static func fingerprint(_ parameters: [String]) -> UInt64 {
        parameters.map { "\($0.utf8.count):\($0)" }.joined().utf8
            .reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
