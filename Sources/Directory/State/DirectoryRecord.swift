import Access

/// Something that a directory keeps. Its JSON is what is on disk: what is added later must be optional.
public protocol DirectoryRecord: Codable, Hashable, Sendable {
    /// What it is called on disk: `project`. Never changes.
    static var kind: String { get }

    /// Unique among its kind; never changes in a record's life.
    var key: String { get }

    /// Where a state has the records of this kind.
    static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { get }

    /// Makes decisions obey a record that is added, replaced or removed.
    ///
    /// - Throws: what makes the change impossible; nothing is changed then.
    static func apply(_ old: Self?, _ new: Self?, to access: inout AccessIndex) throws
}

extension DirectoryRecord {
    /// No decision depends on it.
    public static func apply(_ old: Self?, _ new: Self?, to access: inout AccessIndex) throws {}
}
