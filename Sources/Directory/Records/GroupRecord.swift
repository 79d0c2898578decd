import Access
import FoundationEssentials

/// A group of people, service accounts and groups.
public struct GroupRecord: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "group"
    /// Where a state has such records.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.groups }

    /// In lower case.
    public var address: String
    /// 21 digits, never given out twice: another group of the same address has another one.
    public var uniqueID: String
    /// `user:…`, `serviceAccount:…` and `group:…`, as policies write them.
    public var members: Set<String>
    /// When it was made.
    public var createdAt: Date

    /// Makes a record of its parts.
    public init(
        address: String, uniqueID: String = newUniqueID(), members: Set<String> = [], createdAt: Date
    ) {
        self.address = address
        self.uniqueID = uniqueID
        self.members = members
        self.createdAt = createdAt
    }

    /// So many digits at random that no two groups get the same.
    public static func newUniqueID() -> String {
        "2" + (0..<20).map { _ in String(Int.random(in: 0...9)) }.joined()
    }

    /// What it is kept by.
    public var key: String { address }

    /// Makes decisions obey it.
    public static func apply(_ old: Self?, _ new: Self?, to access: inout AccessIndex) throws {
        if let new {
            try access.setGroup(new.address, members: Set(new.members.compactMap { Member($0) }))
        } else if let old {
            access.removeGroup(old.address)
        }
    }
}
