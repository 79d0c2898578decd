import Access
import Logbook
import Methods
import Schema
import SwiftProtobuf

/// `google.logging.v2.LoggingServiceV2`, for the logs of projects.
public enum LoggingService {
    /// The service's name, by which projects enable it.
    public static let name = "logging.googleapis.com"

    static let list: Permission = "logging.logEntries.list"
    static let create: Permission = "logging.logEntries.create"

    /// The methods of the Logging API over a logbook.
    public static func api(logbook: Logbook) -> API {
        API(
            service: name, title: "Cloud Logging API",
            methods: [
                listLogEntries(logbook), writeLogEntries(logbook), tailLogEntries(logbook), listLogs(logbook),
                deleteLog(logbook), listMonitoredResourceDescriptors(),
            ])
    }

    private static func listLogEntries(_ logbook: Logbook) -> any Method {
        UnaryMethod<Google_Logging_V2_ListLogEntriesRequest, Google_Logging_V2_ListLogEntriesResponse>(
            method("ListLogEntries"), .post("/v2/entries:list", body: "*"),
            access: .byHandler("a request names several projects"),
            handler: { try await EntryList(logbook: logbook).answer($0, $1) })
    }

    private static func writeLogEntries(_ logbook: Logbook) -> any Method {
        UnaryMethod<Google_Logging_V2_WriteLogEntriesRequest, Google_Logging_V2_WriteLogEntriesResponse>(
            method("WriteLogEntries"), .post("/v2/entries:write", body: "*"),
            access: .byHandler("each entry may name another project"),
            handler: { try await EntryWrite(logbook: logbook).answer($0, $1) })
    }

    private static func tailLogEntries(_ logbook: Logbook) -> any Method {
        StreamMethod<Google_Logging_V2_TailLogEntriesRequest, Google_Logging_V2_TailLogEntriesResponse>(
            method("TailLogEntries"), access: .byHandler("a request names several projects"),
            handler: { try await EntryTail(logbook: logbook).answer($0, $1, $2) })
    }

    private static func listLogs(_ logbook: Logbook) -> any Method {
        UnaryMethod<Google_Logging_V2_ListLogsRequest, Google_Logging_V2_ListLogsResponse>(
            method("ListLogs"), .get("/v2/{parent=projects/*}/logs"),
            access: .permission("logging.logs.list") { .project(try ProjectName.parse($0.parent, field: "parent")) },
            handler: { try await LogList(logbook: logbook).answer($0, $1) })
    }

    private static func deleteLog(_ logbook: Logbook) -> any Method {
        UnaryMethod<Google_Logging_V2_DeleteLogRequest, Google_Protobuf_Empty>(
            method("DeleteLog"), .delete("/v2/{log_name=projects/*/logs/*}"),
            access: .permission("logging.logs.delete") { .project(try logName($0.logName).project) },
            handler: { request, call in
                var name = try logName(request.logName)
                name.project = try await call.gatekeeper.projectID(name.project) ?? name.project
                guard try await logbook.contains(name) else {
                    throw ServiceError.notFound("Log \(name) does not exist.")
                }
                try await logbook.delete(name)
                return Google_Protobuf_Empty()
            })
    }

    private static func listMonitoredResourceDescriptors() -> any Method {
        UnaryMethod<
            Google_Logging_V2_ListMonitoredResourceDescriptorsRequest,
            Google_Logging_V2_ListMonitoredResourceDescriptorsResponse
        >(
            method("ListMonitoredResourceDescriptors"), .get("/v2/monitoredResourceDescriptors"),
            access: .anyCaller("the list is the same for everyone"),
            handler: { _, _ in .with { $0.resourceDescriptors = MonitoredResources.all } })
    }

    private static func method(_ name: String) -> String { "google.logging.v2.LoggingServiceV2.\(name)" }

    /// - Throws: `INVALID_ARGUMENT` unless it is the name of a project's log.
    static func logName(_ text: String) throws -> LogName {
        guard let name = LogName(text) else {
            throw ServiceError.invalidArgument(
                "Log name '\(text.prefix(600))' is not of the form projects/PROJECT/logs/LOG_ID with a URL-encoded LOG_ID of "
                    + "at most 511 letters, digits, '/', '_', '-' and '.'; other resources than projects have no logs here.",
                field: "log_name")
        }
        return name
    }
}
