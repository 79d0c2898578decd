import Logbook
import Methods
import Schema

/// `ListLogEntries`.
struct EntryList {
    private static let defaultPageSize: Int32 = 50
    private static let largestPageSize: Int32 = 1000

    let logbook: Logbook

    func answer(
        _ request: Google_Logging_V2_ListLogEntriesRequest, _ call: Call
    ) async throws -> Google_Logging_V2_ListLogEntriesResponse {
        let projects = try await ProjectName.readable(request.resourceNames, call)
        guard request.pageSize >= 0 else {
            throw ServiceError.invalidArgument("page_size is negative.", field: "page_size")
        }
        let newestFirst = try Self.newestFirst(request.orderBy)
        let parameters = projects.sorted() + [request.filter, newestFirst ? "desc" : "asc"]
        let size = request.pageSize == 0 ? Self.defaultPageSize : min(request.pageSize, Self.largestPageSize)
        let page = try await logbook.entries(
            LogQuery(
                projects: projects, filter: .compiled(request.filter), newestFirst: newestFirst, pageSize: Int(size),
                after: PageToken.position(in: request.pageToken, parameters: parameters)))
        return try .with {
            $0.entries = page.entries
            if let next = page.next { $0.nextPageToken = try PageToken(next, parameters: parameters).text }
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
