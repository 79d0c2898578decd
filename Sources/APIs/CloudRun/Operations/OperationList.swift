import FoundationEssentials
import Methods
import Requests
import Schema
import Store

/// The operations of a place, newest first, page by page.
struct OperationList: Sendable {
    /// How long an operation can be read, in seconds: longer than what it waits for can take.
    static let memory: TimeInterval = 60 * 86_400

    let context: CloudRunContext
    let place: Place

    func page(_ request: Google_Longrunning_ListOperationsRequest) async throws -> Page<RunOperationRecord> {
        guard request.filter.isEmpty else {
            throw ServiceError.invalidArgument("Operations of Cloud Run cannot be filtered.", field: "filter")
        }
        let paging = try Paging(
            size: request.pageSize, token: request.pageToken, boundTo: ["run.operations.list", place.name],
            cursor: String.self)
        let records = try await context.jobs.runOperations(
            project: place.project, location: place.region, after: paging.cursor, limit: paging.size + 1)
        let items = Array(records.prefix(paging.size))
        guard records.count > items.count, let last = items.last else { return Page(items: items) }
        return Page(items: items, nextToken: try paging.token(after: last.name))
    }
}
