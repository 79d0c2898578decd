import Access
import FoundationEssentials

/// An issuer of OpenID Connect whose tokens a pool takes.
public struct IdentityProviderRecord: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "identityProvider"
    /// Where a state has such records.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.identityProviders }

    /// The pool that it belongs to.
    public var pool: Pool
    /// Its id within the pool.
    public var id: String
    /// A name for people, at most 32 characters.
    public var displayName: String
    /// At most 256 characters.
    public var about: String
    /// Whether its tokens are refused for now.
    public var isDisabled: Bool
    /// A URL.
    public var issuer: String
    /// What tokens may name as `aud`: the client's id in a workforce pool; none in a workload pool for the provider's name.
    public var audiences: [String]
    /// The issuer's JSON web keys; nil when the issuer is to be asked.
    public var keys: String?
    /// Expressions over a token's claims, by the attribute.
    public var attributeMapping: [String: String]
    /// An expression over a token's claims and attributes; nil to take all.
    public var attributeCondition: String?
    /// What a browser would be told of signing in by a workforce pool's provider; nil for a workload pool's.
    public var webSignIn: WebSignIn?
    /// What tells the client's secret from others; nil when there is none. The secret itself is not kept.
    public var secretThumbprint: String?
    /// When it was made.
    public var createdAt: Date
    /// When it was deleted; nil for one that exists.
    public var deletedAt: Date?

    /// Makes a record of a provider that exists.
    public init(
        pool: Pool, id: String, displayName: String = "", about: String = "", isDisabled: Bool = false,
        issuer: String, audiences: [String] = [], keys: String? = nil, attributeMapping: [String: String],
        attributeCondition: String? = nil, createdAt: Date
    ) {
        self.pool = pool
        self.id = id
        self.displayName = displayName
        self.about = about
        self.isDisabled = isDisabled
        self.issuer = issuer
        self.audiences = audiences
        self.keys = keys
        self.attributeMapping = attributeMapping
        self.attributeCondition = attributeCondition
        self.createdAt = createdAt
    }

    /// How an issuer signs people in with a browser. Kept for those who ask; nothing here signs in by it.
    public struct WebSignIn: Codable, Hashable, Sendable {
        /// What the issuer is to answer with: `CODE` or `ID_TOKEN`.
        public var responseType: String
        /// `ONLY_ID_TOKEN_CLAIMS` or `MERGE_USER_INFO_OVER_ID_TOKEN_CLAIMS`.
        public var claims: String
        /// Scopes besides the usual ones.
        public var scopes: [String]

        /// Describes a way to sign in.
        public init(responseType: String, claims: String, scopes: [String] = []) {
            self.responseType = responseType
            self.claims = claims
            self.scopes = scopes
        }
    }

    /// What it is kept by: `locations/global/workforcePools/staff/providers/login`.
    public var key: String { "\(pool.path)/providers/\(id)" }
}
