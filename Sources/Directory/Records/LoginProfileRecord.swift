/// What OS Login keeps of a person, a service account or an identity of a pool.
public struct LoginProfileRecord: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "loginProfile"
    /// Where a state has it.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.loginProfiles }

    /// A POSIX account that was made for it.
    public struct Account: Hashable, Sendable, Codable {
        /// At most 32 characters.
        public var username: String
        /// The gid is the same.
        public var uid: UInt32

        /// Makes an account of its parts.
        public init(username: String, uid: UInt32) {
            self.username = username
            self.uid = uid
        }
    }

    /// An SSH public key.
    public struct Key: Hashable, Sendable, Codable {
        /// The line of the key, as it was given.
        public var text: String
        /// When it ends, in microseconds since 1970; nil for never.
        public var expiresAt: Int64?

        /// Makes a key of its parts.
        public init(text: String, expiresAt: Int64?) {
            self.text = text
            self.expiresAt = expiresAt
        }
    }

    /// Whose it is: `user:alice@example.com`, `serviceAccount:` and the unique id, or the `principal://` of a pool.
    public var owner: String
    /// Nil before the first use. The same for good.
    public var account: Account?
    /// The ids of the projects in which the account exists, in the order of its coming.
    public var projects: [String] = []
    /// In the order of their coming, those that have ended among them.
    public var keys: [Key] = []

    /// A profile without keys and account.
    public init(owner: String) {
        self.owner = owner
    }

    /// Unique among its kind.
    public var key: String { owner }
}
