import FoundationEssentials

/// The keys of a service account that its users hold the private halves of.
public struct AccountKeysRecord: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "serviceAccountKeys"
    /// Where a state has such records.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.serviceAccountKeys }

    /// How many keys an account can have (quotas of IAM).
    public static let most = 10

    /// The unique id of the account.
    public var account: String
    /// The keys, the oldest first.
    public var keys: [Key]

    /// One key, without its private half: that is only in the answer to the call that made it.
    public struct Key: Codable, Hashable, Sendable {
        /// 40 hexadecimal digits.
        public var id: String
        /// An X.509 certificate, PEM.
        public var certificate: String
        /// When it begins to be good.
        public var validFrom: Date
        /// When it ends; years from now for a key without an end.
        public var validUntil: Date
        /// Whether the user made the pair and uploaded this half.
        public var isUploaded: Bool
        /// Whether its signatures are refused for now.
        public var isDisabled: Bool

        /// Makes a key of its parts.
        public init(id: String, certificate: String, validFrom: Date, validUntil: Date, isUploaded: Bool = false) {
            self.id = id
            self.certificate = certificate
            self.validFrom = validFrom
            self.validUntil = validUntil
            self.isUploaded = isUploaded
            isDisabled = false
        }
    }

    /// Makes a record of its parts.
    public init(account: String, keys: [Key] = []) {
        self.account = account
        self.keys = keys
    }

    /// The unique id of the account.
    public var key: String { account }
}
