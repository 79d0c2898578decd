import Conditions
import FoundationEssentials
import WebTokens

/// A token of an issuer's that was found good.
struct SubjectToken: Sendable {
    /// How far clocks may be apart, in seconds.
    static let skew: TimeInterval = 60
    /// How many objects and lists may stand in one another.
    private static let deepestClaim = 32

    /// What it says.
    let claims: [String: ClaimValue]
    /// When it ends.
    let expiresAt: Date

    /// Looks at a token of a provider's: form, key, signature, issuer, audience and times.
    ///
    /// - Throws: `SubjectTokenError`
    init(
        _ text: String, of provider: IdentityProvider, keys: IssuerKeys, at time: Date
    ) async throws(SubjectTokenError) {
        guard let token = CompactToken(text) else { throw .malformed }
        guard let id = token.header.keyID, let key = await Self.key(id, of: provider, keys) else { throw .unknownKey }
        guard key.isSigner(of: token) else { throw .badSignature }
        guard Self.isShallow(token.payload),
            let claims = try? JSONDecoder().decode([String: ClaimValue].self, from: token.payload)
        else { throw .malformed }
        guard claims["iss"]?.string == provider.issuer else { throw .wrongIssuer(claims["iss"]?.string) }
        let audiences = Self.audiences(claims["aud"])
        guard !provider.acceptedAudiences.allSatisfy({ !audiences.contains($0) }) else {
            throw .wrongAudience(audiences)
        }
        let begin = claims["iat"]?.seconds
        let now = time.timeIntervalSince1970
        guard let begin, let end = claims["exp"]?.seconds, end + Self.skew > now, begin - Self.skew <= now,
            claims["nbf"].map({ ($0.seconds ?? .infinity) - Self.skew <= now }) ?? true
        else { throw .stale(begin) }
        self.claims = claims
        // One that ended by the issuer's clock but not by this one's counts until it would be refused. And whatever the
        // issuer says, nothing here lasts longer than a day.
        expiresAt = Date(timeIntervalSince1970: min(end > now ? end : end + Self.skew, now + 86_400))
    }

    private static func key(
        _ id: String, of provider: IdentityProvider, _ keys: IssuerKeys
    ) async -> VerificationKey? {
        if let given = provider.keys { return KeySet(given.utf8)?[id] }
        guard let issuer = IssuerURL(provider.issuer) else { return nil }
        return await keys.key(id, of: issuer)
    }

    private static func audiences(_ claim: ClaimValue?) -> [String] {
        switch claim {
        case .string(let text): [text]
        case .list(let elements): elements.compactMap(\.string)
        default: []
        }
    }

    /// Whether what is read by going down into it does not lead too deep.
    private static func isShallow(_ json: Data) -> Bool {
        var (depth, isQuoted, isEscaped) = (0, false, false)
        for byte in json {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "\""): isQuoted.toggle()
            case _ where isQuoted: break
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            if depth > deepestClaim { return false }
        }
        return true
    }
}

/// Why a token of an issuer's is refused.
public enum SubjectTokenError: Error, Hashable, Sendable {
    /// It is no JWT in compact form, or its claims are no JSON object.
    case malformed
    /// The issuer has no key of its `kid`, it names none, or the issuer cannot be asked.
    case unknownKey
    /// The key did not make the signature, or not with its own algorithm.
    case badSignature
    /// It is of this issuer, or of none.
    case wrongIssuer(String?)
    /// It is for these.
    case wrongAudience([String])
    /// It has ended or not begun, or does not say when, by its `iat` in seconds since 1970.
    case stale(Double?)
}
