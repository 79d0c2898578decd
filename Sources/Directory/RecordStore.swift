import FoundationEssentials

/// Keeps the records of a directory.
public protocol RecordStore: Sendable {
    /// All that are kept.
    func records() throws -> [StoredRecord]

    /// Writes, replaces and removes records: all of them, or none. On disk when it returns.
    func write(_ changes: [RecordChange]) async throws
}

/// A record as it is kept.
public struct StoredRecord: Hashable, Sendable {
    /// What it is: `project`.
    public var kind: String
    /// Unique among its kind.
    public var key: String
    /// JSON.
    public var value: Data

    /// Makes a record of its parts.
    public init(kind: String, key: String, value: Data) {
        self.kind = kind
        self.key = key
        self.value = value
    }
}

/// A record that is to be written or removed.
public struct RecordChange: Hashable, Sendable {
    /// What it is: `project`.
    public var kind: String
    /// Unique among its kind.
    public var key: String
    /// JSON; nil removes the record.
    public var value: Data?

    /// Makes a change of its parts.
    public init(kind: String, key: String, value: Data?) {
        self.kind = kind
        self.key = key
        self.value = value
    }
}
