import FoundationEssentials
import GRDB
import Synchronization
import Workload

/// Plans and sources of jobs that were read lately: they never change, may be large, and clients ask for the same job
/// again and again while it runs.
final class PlanCache: Sendable {
    /// What of a job never changes and stands in a row of its own.
    struct Entry: Sendable {
        let plan: Plan
        let source: Data
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// The size of what is kept, as it is on disk.
        var bytes = 0
    }

    /// Bytes on disk that are kept at most, besides the latest job: then all is forgotten.
    private let capacity: Int
    /// What an entry counts for beside its bytes.
    private static let entryCost = 1024
    private let state = Mutex(State())

    init(capacity: Int = 16 << 20) {
        self.capacity = capacity
    }

    /// The plan and the source of a job.
    ///
    /// - Parameter uid: names one job for ever, also after its removal.
    func entry(uid: String, key: Int64, in database: Database) throws -> Entry {
        if let known = state.withLock({ $0.entries[uid] }) { return known }
        let statement = try database.cachedStatement(sql: "SELECT plan, source FROM job_plans WHERE job = ?")
        guard let row = try Row.fetchOne(statement, arguments: [key]) else {
            throw DatabaseError(message: "a job has no plan")
        }
        let (encoded, source): (Data, Data) = (row["plan"], row["source"])
        let entry = Entry(plan: try JSONDecoder().decode(Plan.self, from: encoded), source: source)
        keep(entry, uid: uid, bytes: encoded.count + source.count + Self.entryCost)
        return entry
    }

    private func keep(_ entry: Entry, uid: String, bytes: Int) {
        state.withLock { state in
            if state.bytes + bytes > capacity { state = State() }
            guard state.entries.updateValue(entry, forKey: uid) == nil else { return }
            state.bytes += bytes
        }
    }
}
