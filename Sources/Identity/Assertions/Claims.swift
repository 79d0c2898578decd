import FoundationEssentials

/// What a token says that a service account made by itself.
struct Claims: Decodable, Sendable {
    /// Who says so: an account's address.
    var iss: String?
    /// On whose behalf.
    var sub: String?
    /// For whom it is.
    var aud: String?
    /// OAuth scopes, separated by blanks.
    var scope: String?
    /// For whom the id token is to be that it asks for.
    var targetAudience: String?
    /// Seconds since 1970.
    var iat: Double?
    /// Seconds since 1970.
    var exp: Double?
    /// Seconds since 1970.
    var nbf: Double?

    private enum CodingKeys: String, CodingKey {
        case iss, sub, aud, scope, iat, exp, nbf
        case targetAudience = "target_audience"
    }

    /// How far clocks may be apart, in seconds.
    static let skew: TimeInterval = 60
    /// The longest life, in seconds.
    static let maximumLifetime: TimeInterval = 3600

    /// What is wrong with the times; nil when all are there and good now.
    func fault(at time: Date) -> Fault? {
        guard let iat, let exp, iat < exp, exp - iat <= Self.maximumLifetime else { return .lifetime }
        let now = time.timeIntervalSince1970
        if exp + Self.skew <= now { return .expired }
        if max(iat, nbf ?? iat) - Self.skew > now { return .early }
        return nil
    }

    /// What can be wrong with the times.
    enum Fault: Hashable, Sendable {
        /// No beginning, no end, or more than an hour in between.
        case lifetime
        /// It was good once.
        case expired
        /// It is not good yet.
        case early
    }
}
