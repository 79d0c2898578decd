import FoundationEssentials
import GRDB
import Workload

extension TaskRecord {
    /// A task from its columns `task`, `state`, `attempt`, `events` and `barriers`.
    init(row: Row) throws {
        let state = try TaskState(code: row["state"])
        self.init(
            index: row["task"], state: state, attempt: row["attempt"], events: try TaskEventCoding.decode(row["events"])
        )
        barriersReached = row["barriers"]
    }

    func write(job key: Int64, in database: Database) throws {
        try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO tasks (job, task, state, attempt, events, barriers) VALUES (?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [key, index, state.code, attempt, TaskEventCoding.encode(events), barriersReached])
    }
}

extension TaskState {
    /// The number that stands for the state on disk; never changed.
    var code: Int {
        switch self {
        case .pending: 0
        case .assigned: 1
        case .running: 2
        case .succeeded: 3
        case .failed: 4
        case .unexecuted: 5
        }
    }

    init(code: Int) throws {
        guard let state = Self.allCases.first(where: { $0.code == code }) else {
            throw DatabaseError(message: "task state \(code) is unknown")
        }
        self = state
    }
}
