import Schema

/// How far a job has come, in a few words.
struct JobProgress: Equatable {
    let state: Google_Cloud_Batch_V1_JobStatus.State
    let total: Int64
    /// How many tasks are in each state, by the API's name of it.
    let counts: [String: Int64]

    init(_ job: Google_Cloud_Batch_V1_Job) {
        state = job.status.state
        total = job.taskGroups.first?.taskCount ?? 0
        counts = job.status.taskGroups.values.first?.counts ?? [:]
    }

    /// `3/3`: how many tasks have ended well.
    var summary: String { "\(counts["SUCCEEDED"] ?? 0)/\(total)" }

    /// `RUNNING: 12 succeeded, 2 running, 6 pending of 20 tasks`
    var line: String {
        let order = ["SUCCEEDED", "FAILED", "RUNNING", "ASSIGNED", "PENDING", "UNEXECUTED"]
        let parts = order.compactMap { name in
            counts[name].flatMap { $0 > 0 ? "\($0) \(name.lowercased())" : nil }
        }
        return "\(state.label): \(parts.joined(separator: ", ")) of \(total) \(total == 1 ? "task" : "tasks")"
    }
}
