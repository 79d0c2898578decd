import FoundationEssentials
import WebTokens

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
        guard claims.utf8.count <= CompactToken.maximumLength,
            let object = try? JSONDecoder().decode(ClaimsObject.self, from: Data(claims.utf8)),
            // Of two ends that differ, one reader takes the first and another the last (RFC 7519, 4).
            object.names == ClaimsObject.members(of: claims)
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
    /// They are no JSON object, or it has a name twice.
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

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    let end: End
    /// How many names there are, each counted once.
    let names: Int

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Name.self)
        names = object.allKeys.count
        let exp = Name(stringValue: "exp")
        guard object.contains(exp) else {
            end = .missing
            return
        }
        end = (try? object.decode(Int.self, forKey: exp)).map { .seconds($0) } ?? .wrong
    }

    /// How many members an object has by its text, which is known to be JSON.
    static func members(of text: String) -> Int {
        var (depth, count, isQuoted, isEscaped) = (0, 0, false, false)
        for byte in text.utf8 {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "\""): isQuoted.toggle()
            case _ where isQuoted: break
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            // Each member has one colon.
            case UInt8(ascii: ":") where depth == 1: count += 1
            default: break
            }
        }
        return count
    }
}
