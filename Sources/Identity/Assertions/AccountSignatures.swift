import FoundationEssentials

/// Signs in the name of service accounts, with the keys that are held for them.
public struct AccountSignatures: Sendable {
    /// The farthest end of a signed JWT, in seconds from now.
    public static let longestClaim = 12 * 3600
    /// Where a JWT without an end gets it, in seconds from now.
    private static let usualClaim = 3600

    private let keys: SystemKeys
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - keys: sign.
    ///   - now: the clock.
    public init(keys: SystemKeys, now: @escaping @Sendable () -> Date = { Date() }) {
        self.keys = keys
        self.now = now
    }

    /// Signs bytes.
    ///
    /// - Returns: the id of the key, and the signature.
    public func sign(_ bytes: Data, for account: ServiceAccountIdentity) async throws -> (key: String, Data) {
        let key = try await keys.signingKey(of: account.uniqueID)
        return (key.id, try key.signature(for: bytes))
    }

    /// Signs a set of claims as a JWT; one without an end gets one of an hour.
    ///
    /// - Parameter claims: a JSON object.
    /// - Returns: the id of the key, and the token.
    /// - Throws: `ClaimsError`
    public func signJWT(_ claims: String, for account: ServiceAccountIdentity) async throws -> (key: String, String) {
        guard claims.utf8.count <= JSONWebToken.maximumLength,
            let object = try? JSONDecoder().decode(ClaimsObject.self, from: Data(claims.utf8))
        else { throw ClaimsError.noObject }
        let time = Int(now().timeIntervalSince1970)
        var claims = claims
        switch object.end {
        case .missing:
            // All else stays as its author wrote it.
            let rest = claims.drop { $0 != "{" }.dropFirst().drop { $0.isWhitespace }
            claims = "{\"exp\":\(time + Self.usualClaim)\(rest.first == "}" ? "" : ",")" + rest
        case .seconds(let end) where end > time && end <= time + Self.longestClaim: break
        case .seconds, .wrong: throw ClaimsError.badEnd
        }
        let key = try await keys.signingKey(of: account.uniqueID)
        return (key.id, try JSONWebToken.sign(Data(claims.utf8), with: key))
    }
}

/// Why claims are not signed.
public enum ClaimsError: Error, Hashable, Sendable {
    /// They are no JSON object.
    case noObject
    /// `exp` is no whole number, is past, or is more than twelve hours ahead.
    case badEnd
}

/// A JSON object of which only the end counts.
private struct ClaimsObject: Decodable {
    enum End {
        case missing
        case seconds(Int)
        case wrong
    }

    private enum Key: String, CodingKey {
        case exp
    }

    let end: End

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        guard object.contains(.exp) else {
            end = .missing
            return
        }
        end = (try? object.decode(Int.self, forKey: .exp)).map { .seconds($0) } ?? .wrong
    }
}
