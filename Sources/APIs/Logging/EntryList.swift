import Logbook
import Methods
import Schema

/// `ListLogEntries`.
struct EntryList {
    let logbook: Logbook

    func answer(
        _ request: Google_Logging_V2_ListLogEntriesRequest, _ call: Call
    ) async throws -> Google_Logging_V2_ListLogEntriesResponse {
        let views = try await LogParents.readable(request.resourceNames, call)
        let size = try PageSize.read(request.pageSize, default: 50, maximum: 1000)
        let newestFirst = try Self.newestFirst(request.orderBy)
        let scope = views.map(\.parent.path).sorted() + [request.filter, newestFirst ? "desc" : "asc"]
        let page = try await logbook.entries(
            LogQuery(
                views: views, filter: .compiled(request.filter), newestFirst: newestFirst, pageSize: size,
                after: PageToken.read(request.pageToken, scope: scope)))
        return try .with {
            $0.entries = page.entries
            if let next = page.next { $0.nextPageToken = try PageToken.make(after: next, scope: scope) }
        }
    }

    private static func newestFirst(_ orderBy: String) throws -> Bool {
        switch orderBy.split(separator: " ") {
        case [], ["timestamp"], ["timestamp", "asc"]: return false
        case ["timestamp", "desc"]: return true
        default:
            throw ServiceError.invalidArgument(
                "order_by is '\(orderBy.prefix(100))'; it must be 'timestamp asc' or 'timestamp desc'.",
                field: "order_by")
        }
    }
}
