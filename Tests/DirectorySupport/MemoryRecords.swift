import Directory
import Synchronization

/// Keeps the records of a directory in memory, and fails when it is told to.
public final class MemoryRecords: RecordStore {
    /// What it throws when it is told to fail.
    public struct Full: Error, Hashable {}

    private struct State {
        var records: [String: StoredRecord] = [:]
        var fails = false
        var writes = 0
    }

    private let content = Mutex(State())

    /// A store of nothing.
    public init() {}

    /// Whether writes fail from now on.
    public var fails: Bool {
        get { content.withLock(\.fails) }
        set { content.withLock { $0.fails = newValue } }
    }

    /// How often something was written.
    public var writes: Int { content.withLock(\.writes) }

    /// All that are kept.
    public func records() -> [StoredRecord] { content.withLock { Array($0.records.values) } }

    /// Writes, replaces and removes.
    public func write(_ changes: [RecordChange]) async throws {
        try content.withLock { state in
            guard !state.fails else { throw Full() }
            state.writes += 1
            for change in changes {
                state.records["\(change.kind) \(change.key)"] = change.value.map {
                    StoredRecord(kind: change.kind, key: change.key, value: $0)
                }
            }
        }
    }
}
