import Methods
import Requests
import Schema
import Store
import Workload

/// A job's tasks, page by page: those that an agent has touched from the store, the others from the job's range.
struct TaskList: Sendable {
    let jobs: any JobStore
    let job: JobRecord
    let rendering: TaskRendering

    /// How many tasks one request looks at, and how many it reads at once.
    private static let maxRead = 20_000
    private static let chunk = 500

    func page(_ request: Google_Cloud_Batch_V1_ListTasksRequest) async throws -> Page<Wire.Task> {
        let accepts = try Self.fields.predicate(request.filter)
        let paging = try Paging(
            size: request.pageSize, token: request.pageToken, boundTo: ["tasks.list", job.uid, request.filter],
            cursor: Int.self)
        let count = job.plan.taskCount
        // Whoever sends a token can have written anything in it.
        let first = paging.cursor.map { $0 < count ? max(0, $0 + 1) : count } ?? 0
        let end = min(count, first + Self.maxRead)
        var page = Page<Wire.Task>()
        var start = first
        while start < end {
            let range = start..<min(start + Self.chunk, end)
            let touched = try await touched(in: range)
            for index in range {
                let task = rendering.message(index, touched[index])
                if accepts?(task) ?? true { page.items.append(task) }
                if page.items.count == paging.size, index + 1 < count {
                    page.nextToken = try paging.token(after: index)
                    return page
                }
            }
            start = range.upperBound
        }
        if end > first, end < count { page.nextToken = try paging.token(after: end - 1) }
        return page
    }

    private func touched(in range: Range<Int>) async throws -> [Int: TaskRecord] {
        guard range.lowerBound < job.nextIndex else { return [:] }
        let records = try await jobs.tasks(of: job.uid, from: range.lowerBound, limit: range.count)
        return Dictionary(records.map { ($0.index, $0) }) { _, later in later }
    }

    static let fields: FilterFields<Wire.Task> = {
        let names = Dictionary(
            uniqueKeysWithValues: TaskState.allCases.map { ($0.wire.rawValue, $0.wireName) })
        let state = FilterField<Wire.Task>.choice(
            of: Set(names.values), { names[$0.status.state.rawValue] ?? "" })
        return FilterFields(byPath: [
            "name": .text { $0.name }, "status.state": state, "state": state, "State": state,
        ])
    }()
}
