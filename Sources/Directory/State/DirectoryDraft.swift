import Access
import FoundationEssentials

/// A change that is being made: the state as it would be, and what has to be written for it.
public struct DirectoryDraft: Sendable {
    /// The state with all that was changed so far.
    public private(set) var state: DirectoryState
    private(set) var changes: [RecordChange] = []

    init(_ state: DirectoryState) { self.state = state }

    /// Adds a record, or replaces the one of its key.
    ///
    /// - Throws: what makes it impossible, such as `HierarchyError`.
    public mutating func put<Record: DirectoryRecord>(_ record: Record) throws {
        guard try state.put(record) else { return }
        changes.append(RecordChange(kind: Record.kind, key: record.key, value: try JSONEncoder().encode(record)))
    }

    /// Removes a record; nothing happens when there is none of its key.
    public mutating func remove<Record: DirectoryRecord>(_ record: Record) throws {
        guard try state.remove(record) else { return }
        changes.append(RecordChange(kind: Record.kind, key: record.key, value: nil))
    }
}
