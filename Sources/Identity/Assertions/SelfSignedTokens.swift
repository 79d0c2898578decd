import Crypto
import FoundationEssentials
import Synchronization
import WebTokens

/// JWTs that service accounts sign themselves and call services with, without asking for a token first.
public final class SelfSignedTokens: Sendable {
    /// At most this many signatures are not looked at again: then all are forgotten.
    private static let cacheCapacity = 1024

    private let keys: AccountKeys
    private let universe: String
    private let now: @Sendable () -> Date
    private let recent = Mutex<[Data: Verified]>([:])

    /// - Parameters:
    ///   - accounts: the accounts and the keys that their users hold.
    ///   - systemKeys: the keys that are held for them.
    ///   - universe: the domain of the private universe.
    ///   - now: the clock.
    public init(
        accounts: any ServiceAccountKeys, systemKeys: SystemKeys, universe: String,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        keys = AccountKeys(accounts: accounts, system: systemKeys)
        self.universe = universe
        self.now = now
    }

    /// Whether a bearer token is to be judged here.
    public static func recognizes(_ token: String) -> Bool { JSONWebToken.isLikely(token) }

    /// Whose token it is, and until when.
    ///
    /// That the signature is good is remembered; the account, the key, the times and the audience are looked at every
    /// time, since all of them change.
    ///
    /// - Parameter service: which is called: `batch.googleapis.com`.
    /// - Throws: `SelfSignedError`
    public func verify(_ token: String, for service: String) async throws -> (ServiceAccountIdentity, until: Date) {
        let (verified, account) = try await verified(token)
        switch verified.claims.fault(at: now()) {
        case .expired: throw SelfSignedError.expired
        case .early, .lifetime: throw SelfSignedError.invalid
        case nil: break
        }
        guard isFor(service, verified.claims), let end = verified.claims.exp else { throw SelfSignedError.invalid }
        guard !account.isDisabled else { throw SelfSignedError.disabledAccount }
        return (account, Date(timeIntervalSince1970: end))
    }

    private func verified(_ text: String) async throws -> (Verified, ServiceAccountIdentity) {
        guard text.utf8.count <= CompactToken.maximumLength else { throw SelfSignedError.invalid }
        let digest = Data(SHA256.hash(data: Data(text.utf8)))
        if let known = recent.withLock({ $0[digest] }) {
            guard let account = try await keys.account(known.claims.iss), account.uniqueID == known.uniqueID,
                try await keys.usable(of: account, at: now()).contains(where: { $0.id == known.keyID })
            else { throw SelfSignedError.invalid }
            return (known, account)
        }
        guard let token = JSONWebToken(text), let account = try await keys.account(token.claims.iss),
            [nil, account.email].contains(token.claims.sub),
            let key = token.signer(among: try await keys.usable(of: account, at: now()))
        else { throw SelfSignedError.invalid }
        let verified = Verified(claims: token.claims, keyID: key.id, uniqueID: account.uniqueID)
        recent.withLock { recent in
            if recent.count >= Self.cacheCapacity { recent = [:] }
            recent[digest] = verified
        }
        return (verified, account)
    }

    /// A token names the service that it is for, by its address with or without a path; or it lists scopes and is
    /// for every service.
    private func isFor(_ service: String, _ claims: Claims) -> Bool {
        guard let audience = claims.aud else { return claims.scope.map(Scopes.isWellFormed) ?? false }
        let label = service.prefix { $0 != "." }
        return [service, "\(label).\(universe)"].contains { host in
            audience == "https://\(host)" || audience.hasPrefix("https://\(host)/")
        }
    }

    private struct Verified {
        let claims: Claims
        let keyID: String
        let uniqueID: String
    }
}

/// Why a self-signed token is refused.
public enum SelfSignedError: Error, Hashable, Sendable {
    /// It was good once.
    case expired
    /// Its account is disabled.
    case disabledAccount
    /// Anything else: its form, its issuer, its key, its signature, its times or its audience.
    case invalid
}
