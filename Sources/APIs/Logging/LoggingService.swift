import Access
import Logbook
import Methods
import Schema
import SwiftProtobuf

/// `google.logging.v2.LoggingServiceV2`, for the logs of projects, folders and organizations.
public enum LoggingService {
    /// The service's name, by which projects enable it.
    public static let name = "logging.googleapis.com"

    static let list: Permission = "logging.logEntries.list"
    /// For logs that say who read what, besides `list`.
    static let listPrivate: Permission = "logging.privateLogEntries.list"
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
            method("ListLogs"), .get("/v2/{parent=projects/*}/logs"), .get("/v2/{parent=folders/*}/logs"),
            .get("/v2/{parent=organizations/*}/logs"),
            access: .permission("logging.logs.list") { try LogParents.parse($0.parent, field: "parent").resource },
            handler: { try await LogList(logbook: logbook).answer($0, $1) })
    }

    private static func deleteLog(_ logbook: Logbook) -> any Method {
        UnaryMethod<Google_Logging_V2_DeleteLogRequest, Google_Protobuf_Empty>(
            method("DeleteLog"), .delete("/v2/{log_name=projects/*/logs/*}"),
            .delete("/v2/{log_name=folders/*/logs/*}"), .delete("/v2/{log_name=organizations/*/logs/*}"),
            access: .permission("logging.logs.delete") { try logName($0.logName).parent.resource },
            handler: { request, call in
                var name = try logName(request.logName)
                guard !name.isAudit else {
                    throw ServiceError.invalidArgument("Audit logs cannot be deleted.", field: "log_name")
                }
                name.parent = try await canonical(name.parent, call)
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

    /// The parent with the id of a project that is named by its number.
    static func canonical(_ parent: LogParent, _ call: Call) async throws -> LogParent {
        guard case .project(let named) = parent, let id = try await call.gatekeeper.projectID(named) else {
            return parent
        }
        return .project(id)
    }

    /// - Throws: `INVALID_ARGUMENT` unless it is the name of a log that can be here.
    static func logName(_ text: String) throws -> LogName {
        guard let name = LogName(text) else {
            throw ServiceError.invalidArgument(
                "Log name '\(text.prefix(600))' is not of the form projects/PROJECT/logs/LOG_ID, folders/FOLDER/logs/LOG_ID "
                    + "or organizations/ORGANIZATION/logs/LOG_ID with a URL-encoded LOG_ID of at most 511 letters, digits, "
                    + "'/', '_', '-' and '.'.",
                field: "log_name")
        }
        return name
    }
}
