import Store
import Workload

/// Executions, newest first, page by page. One request reads a bounded number of them and shows a bounded number of
/// bytes, however many are wanted: its page may then be short, or empty, with a cursor all the same.
struct ExecutionListing: Sendable {
    private static let maxRead = 2000
    private static let chunk = 100

    let context: CloudRunContext
    let selection: JobSelection

    /// - Parameters:
    ///   - cursor: the last execution that was looked at before; nil for the first page.
    ///   - isWanted: whether one is to be shown.
    /// - Returns: the executions, and where the next page begins; nil when there are no more.
    func page(
        of size: Int, after cursor: JobCursor?, where isWanted: (ExecutionState) -> Bool = { _ in true }
    ) async throws -> (items: [ExecutionState], next: JobCursor?) {
        var (items, cursor, read): ([ExecutionState], JobCursor?, Int) = ([], cursor, 0)
        var bytes = ListedBytes()
        while true {
            let records = try await context.executions.jobs(
                selection, order: .newestFirst, after: cursor, limit: Self.chunk)
            for (index, record) in records.enumerated() {
                let state = try await context.state(of: record)
                cursor = JobCursor(after: record)
                read += 1
                if isWanted(state) {
                    items.append(state)
                    bytes.add(record.source.count)
                }
                let isLast = records.count < Self.chunk && index == records.count - 1
                if items.count == size || bytes.areEnough || read == Self.maxRead, !isLast { return (items, cursor) }
            }
            if records.count < Self.chunk { return (items, nil) }
        }
    }
}
