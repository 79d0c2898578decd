import Access

extension CustomRole: DirectoryRecord {
    public static var kind: String { "role" }
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.roles }
    public var key: String { name.text }

    public static func apply(_ old: Self?, _ new: Self?, to access: inout AccessIndex) throws {
        if let new {
            access.setRole(new)
        } else if let old {
            access.removeRole(old.name)
        }
    }
}
