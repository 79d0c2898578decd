import Logbook
import Methods
import Schema

/// `ListLogs`.
struct LogList {
    let logbook: Logbook

    func answer(
        _ request: Google_Logging_V2_ListLogsRequest, _ call: Call
    ) async throws -> Google_Logging_V2_ListLogsResponse {
        guard request.resourceNames.isEmpty || request.resourceNames == [request.parent] else {
            throw ServiceError.invalidArgument(
                "resource_names is not supported in this method beside parent.", field: "resource_names")
        }
        let size = try PageSize.read(request.pageSize, default: 50, maximum: 1000)
        let parent = try await LoggingService.canonical(LogParents.parse(request.parent, field: "parent"), call)
        let after = try PageToken.read(request.pageToken, as: String.self, scope: [parent.path])
        let names = try await logbook.logNames(of: parent).filter { name in
            after.map { $0.utf8.lexicographicallyPrecedes(name.logID.utf8) } ?? true
        }
        return try .with {
            $0.logNames = names.prefix(size).map(\.description)
            if names.count > size {
                $0.nextPageToken = try PageToken.make(after: names[size - 1].logID, scope: [parent.path])
            }
        }
    }
}
