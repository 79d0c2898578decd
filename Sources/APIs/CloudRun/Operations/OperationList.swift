import FoundationEssentials
import Methods
import Requests
import Schema
import Store

/// The operations of a place, newest first, page by page.
struct OperationList: Sendable {
    /// How long an operation can be read, in seconds: longer than what it waits for can take.
    static let memory: TimeInterval = 60 * 86_400
    private static let chunk = 50

    let context: CloudRunContext
    let place: Place

    func page(_ request: Google_Longrunning_ListOperationsRequest) async throws -> Page<RunOperationRecord> {
        guard request.filter.isEmpty else {
            throw ServiceError.invalidArgument("Operations of Cloud Run cannot be filtered.", field: "filter")
        }
        let paging = try Paging(
            size: request.pageSize, token: request.pageToken, boundTo: ["run.operations.list", place.name],
            cursor: String.self)
        var (items, cursor): ([RunOperationRecord], String?) = ([], paging.cursor)
        var bytes = ListedBytes()
        while true {
            let records = try await context.jobs.runOperations(
                project: place.project, location: place.region, after: cursor, limit: Self.chunk)
            for (index, record) in records.enumerated() {
                items.append(record)
                // Twice: what a finished one answers is also what it tells of itself.
                bytes.add(2 * record.snapshot.count)
                cursor = record.name
                let isLast = records.count < Self.chunk && index == records.count - 1
                guard items.count == paging.size || bytes.areEnough, !isLast else { continue }
                return Page(items: items, nextToken: try paging.token(after: record.name))
            }
            if records.count < Self.chunk { return Page(items: items) }
        }
    }
}
