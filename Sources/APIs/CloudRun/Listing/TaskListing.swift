import Store
import Workload

/// Tasks of one execution or of many, by index, page by page. One request looks at a bounded number of them and
/// shows a bounded number of bytes: each task has all that its execution says.
struct TaskListing: Sendable {
    private static let maxRead = 20_000
    private static let chunk = 500

    /// Whose tasks are listed.
    enum Source: Sendable {
        case one(ExecutionState)
        case many(JobSelection)
    }

    /// The last task that was looked at before.
    struct Cursor: Codable, Hashable, Sendable {
        /// Its execution.
        var execution: JobCursor
        var index: Int

        /// The index that follows, within a number of tasks: whoever sends a token can have written anything in it.
        func next(below count: Int) -> Int { index < count ? max(0, index + 1) : count }
    }

    let context: CloudRunContext
    let source: Source

    /// - Returns: the tasks, and where the next page begins; nil when there are no more.
    func page(
        of size: Int, after cursor: Cursor?, where isWanted: (TaskStanding) -> Bool = { _ in true }
    ) async throws -> (items: [TaskStanding], next: Cursor?) {
        var (items, read, cursor): ([TaskStanding], Int, Cursor?) = ([], 0, cursor)
        var bytes = ListedBytes()
        var current = try await first(cursor)
        while let execution = current {
            let place = JobCursor(after: execution.record)
            let count = execution.record.plan.taskCount
            var start = cursor.flatMap { $0.execution == place ? $0.next(below: count) : nil } ?? 0
            while start < count {
                let range = start..<min(start + Self.chunk, count)
                for task in try await tasks(range, of: execution) {
                    read += 1
                    if isWanted(task) {
                        items.append(task)
                        bytes.add(execution.record.source.count)
                    }
                    if items.count == size || bytes.areEnough || read == Self.maxRead {
                        return (items, try await following(Cursor(execution: place, index: task.index), count))
                    }
                }
                start = range.upperBound
            }
            cursor = nil
            current = try await next(after: place)
        }
        return (items, nil)
    }

    /// A cursor unless nothing comes after it.
    private func following(_ cursor: Cursor, _ count: Int) async throws -> Cursor? {
        if cursor.index + 1 < count { return cursor }
        return try await next(after: cursor.execution) == nil ? nil : cursor
    }

    private func tasks(_ range: Range<Int>, of execution: ExecutionState) async throws -> [TaskStanding] {
        var touched: [Int: TaskRecord] = [:]
        if range.lowerBound < execution.record.nextIndex {
            let records = try await context.executions.tasks(
                of: execution.record.uid, from: range.lowerBound, limit: range.count)
            for record in records { touched[record.index] = record }
        }
        return range.map { TaskStanding(execution: execution, index: $0, record: touched[$0]) }
    }

    private func first(_ cursor: Cursor?) async throws -> ExecutionState? {
        switch source {
        case .one(let execution): return execution
        case .many(let selection):
            guard let cursor else { return try await next(after: nil) }
            let name = JobName(
                api: .run, project: selection.project, location: cursor.execution.location, id: cursor.execution.id)
            // One that is gone has no more tasks; one of another job has none here.
            guard let record = try await context.executions.job(named: name), selection.contains(record) else {
                return try await next(after: cursor.execution)
            }
            return try await context.state(of: record)
        }
    }

    private func next(after cursor: JobCursor?) async throws -> ExecutionState? {
        guard case .many(let selection) = source else { return nil }
        let records = try await context.executions.jobs(selection, order: .newestFirst, after: cursor, limit: 1)
        guard let record = records.first else { return nil }
        return try await context.state(of: record)
    }
}

extension CloudRunContext {
    /// A task by its name.
    ///
    /// - Throws: `NOT_FOUND`
    func task(_ id: String, of execution: ExecutionState, in place: Place) async throws -> TaskStanding {
        guard let name = TaskID(id), name.execution == execution.id,
            (0..<execution.record.plan.taskCount).contains(name.index)
        else { throw Refusals.missing(.task, id, in: place) }
        let isTouched = name.index < execution.record.nextIndex
        let record = isTouched ? try await executions.task(name.index, of: execution.record.uid) : nil
        return TaskStanding(execution: execution, index: name.index, record: record)
    }
}
