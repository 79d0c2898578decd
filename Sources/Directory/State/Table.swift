import HashTreeCollections

/// The records of one kind, by key. A value: copies share what they have in common.
public struct Table<Record: DirectoryRecord>: Sendable {
    private var records = TreeDictionary<String, Record>()

    /// A table without records.
    public init() {}

    /// How many there are.
    public var count: Int { records.count }

    /// The record of a key.
    public internal(set) subscript(key: String) -> Record? {
        get { records[key] }
        set { records[key] = newValue }
    }

    /// All of them, by key in the order of its bytes.
    public var sorted: [Record] { records.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map(\.value) }

    /// All of them, in no order.
    public var all: some Sequence<Record> { records.values }
}
