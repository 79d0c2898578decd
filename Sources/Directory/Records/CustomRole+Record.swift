import Access

extension CustomRole: DirectoryRecord {
    /// What it is called on disk.
    public static var kind: String { "role" }
    /// Where a state has such records.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.roles }
    /// What it is kept by.
    public var key: String { name.text }

    /// Makes decisions obey it.
    public static func apply(_ old: Self?, _ new: Self?, to access: inout AccessIndex) throws {
        if let new {
            access.setRole(new)
        } else if let old {
            access.removeRole(old.name)
        }
    }
}
