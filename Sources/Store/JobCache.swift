import Synchronization
import Workload

/// Jobs that were read lately, as they are on disk: clients ask for the same job again and again.
///
/// A job is out of the cache from before a change of it begins until the change is on disk or has failed. So whoever
/// reads after a write has returned sees what was written, and nobody sees an older state after a newer one.
final class JobCache: Sendable {
    private struct State {
        var jobs: [JobName: JobRecord] = [:]
        /// The names of the same jobs, by uid.
        var names: [String: JobName] = [:]
        /// What is kept of sources and events, roughly, in bytes.
        var bytes = 0
        /// Changes under way, by the uid of the job.
        var changing: [String: Int] = [:]
        /// Counts beginnings and ends of changes, so that what was read before one is not kept after it.
        var generation = 0
    }

    /// Bytes that are kept at most, besides the latest job: then all is forgotten.
    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int = 8 << 20) {
        self.capacity = capacity
    }

    /// The job of a name, or what `read` finds of it on disk.
    func job(named name: JobName, read: () async throws -> JobRecord?) async throws -> JobRecord? {
        let (known, generation) = state.withLock { ($0.jobs[name], $0.generation) }
        if let known { return known }
        let found = try await read()
        if let found { keep(found, readIn: generation) }
        return found
    }

    /// Carries out a change of jobs.
    func changing<Value: Sendable>(_ uids: [String], _ change: () async throws -> Value) async rethrows -> Value {
        guard !uids.isEmpty else { return try await change() }
        state.withLock { state in
            state.generation += 1
            for uid in uids {
                Self.forget(uid, in: &state)
                state.changing[uid, default: 0] += 1
            }
        }
        defer {
            state.withLock { state in
                state.generation += 1
                for uid in uids {
                    let left = state.changing[uid, default: 1] - 1
                    state.changing[uid] = left > 0 ? left : nil
                }
            }
        }
        return try await change()
    }

    private func keep(_ job: JobRecord, readIn generation: Int) {
        state.withLock { state in
            guard state.generation == generation, state.changing[job.uid] == nil else { return }
            if state.bytes + Self.cost(of: job) > capacity {
                state.jobs = [:]
                state.names = [:]
                state.bytes = 0
            }
            Self.forget(job.uid, in: &state)
            state.jobs[job.name] = job
            state.names[job.uid] = job.name
            state.bytes += Self.cost(of: job)
        }
    }

    private static func forget(_ uid: String, in state: inout State) {
        guard let name = state.names.removeValue(forKey: uid), let job = state.jobs.removeValue(forKey: name) else {
            return
        }
        state.bytes -= cost(of: job)
    }

    private static func cost(of job: JobRecord) -> Int { 1024 + 2 * job.source.count + 256 * job.events.count }
}
