import Logbook
import Methods
import Schema

/// `ListLogs`.
struct LogList {
    private static let defaultPageSize = 50
    private static let largestPageSize = 1000

    let logbook: Logbook

    func answer(
        _ request: Google_Logging_V2_ListLogsRequest, _ call: Call
    ) async throws -> Google_Logging_V2_ListLogsResponse {
        guard request.resourceNames.isEmpty || request.resourceNames == [request.parent] else {
            throw ServiceError.invalidArgument(
                "resource_names is not supported in this method beside parent.", field: "resource_names")
        }
        guard request.pageSize >= 0 else {
            throw ServiceError.invalidArgument("page_size is negative.", field: "page_size")
        }
        let named = try ProjectName.parse(request.parent, field: "parent")
        let project = try await call.gatekeeper.projectID(named) ?? named
        let after: String? = try PageToken.position(in: request.pageToken, parameters: [project])
        let size = request.pageSize == 0 ? Self.defaultPageSize : min(Int(request.pageSize), Self.largestPageSize)
        let names = try await logbook.logNames(project: project).filter { name in
            after.map { $0.utf8.lexicographicallyPrecedes(name.logID.utf8) } ?? true
        }
        return try .with {
            $0.logNames = names.prefix(size).map(\.description)
            if names.count > size {
                $0.nextPageToken = try PageToken(names[size - 1].logID, parameters: [project]).text
            }
        }
    }
}
