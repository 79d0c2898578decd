import Logbook
import Methods
import Schema
import SwiftProtobuf
import Testing

@testable import LoggingAPI

@Suite("Audit logs")
struct AuditLogTests {
    private typealias ListRequest = Google_Logging_V2_ListLogEntriesRequest
    private typealias ListResponse = Google_Logging_V2_ListLogEntriesResponse

    @Test("of reads of data are shown only to those who may see them, without a word to others")
    func privateLogs() async throws {
        try await withAPI { api, logbook in
            try await logbook.append([
                entry("cloudaudit.googleapis.com%2Factivity", "a"),
                entry("cloudaudit.googleapis.com%2Fdata_access", "b"), entry("other", "c"),
            ])
            let request = ListRequest.with { $0.resourceNames = ["projects/1234"] }
            let some: ListResponse = try await api.call("ListLogEntries", request, .fake("logging.logEntries.list"))
            #expect(some.entries.map(\.insertID).sorted() == ["a", "c"])
            let all: ListResponse = try await api.call(
                "ListLogEntries", request, .fake("logging.logEntries.list", "logging.privateLogEntries.list"))
            #expect(all.entries.map(\.insertID).sorted() == ["a", "b", "c"])
            let error = await refusal {
                let _: ListResponse = try await api.call(
                    "ListLogEntries", request, .fake("logging.privateLogEntries.list"))
            }
            #expect(error?.code == .permissionDenied)
        }
    }

    @Test("of reads of data are not followed by those who may not see them", .timeLimit(.minutes(10)))
    func privateTails() async throws {
        try await withDirectory { path in
            let logbook = try Logbook(path: path)
            let tail = try logbook.tail(
                TailSelection(views: [LogView(.project("demo"), showsPrivateLogs: false)]))
            try await logbook.append([
                entry("cloudaudit.googleapis.com%2Fdata_access", "b"), entry("other", "c"),
            ])
            var batches = tail.makeAsyncIterator()
            #expect(await batches.next()?.entries.map(\.insertID) == ["c"])
        }
    }

    @Test("cannot be deleted, whoever asks")
    func deletion() async throws {
        try await withAPI { api, logbook in
            try await logbook.append([entry("cloudaudit.googleapis.com%2Factivity", "a")])
            let request = Google_Logging_V2_DeleteLogRequest.with {
                $0.logName = "projects/demo/logs/cloudaudit.googleapis.com%2Factivity"
            }
            let error = await refusal {
                let _: Google_Protobuf_Empty = try await api.call("DeleteLog", request, .fake("logging.logs.delete"))
            }
            #expect(error?.code == .invalidArgument)
            #expect(try await logbook.logNames(of: .project("demo")).count == 1)
        }
    }

    @Test("of organizations are their own, apart from those of a project")
    func organizations() async throws {
        try await withAPI { api, logbook in
            let log = "cloudaudit.googleapis.com%2Factivity"
            try await logbook.append([entry(log, "a"), entry(log, "o", parent: "organizations/77")])
            let call = Call.fake("logging.logEntries.list")
            for (name, ids) in [("organizations/77", ["o"]), ("projects/demo", ["a"])] {
                let page: ListResponse = try await api.call(
                    "ListLogEntries", ListRequest.with { $0.resourceNames = [name] }, call)
                #expect(page.entries.map(\.insertID) == ids)
                #expect(page.entries.map(\.logName) == ["\(name)/logs/\(log)"])
            }
            #expect(
                try await logbook.logNames(of: .organization("77")).map(\.description) == [
                    "organizations/77/logs/\(log)"
                ])
            let error = await refusal {
                let _: ListResponse = try await api.call(
                    "ListLogEntries", ListRequest.with { $0.resourceNames = ["organizations/78"] }, call)
            }
            #expect(error?.code == .permissionDenied)
        }
    }

    @Test(
        "can be searched by what their entries say",
        arguments: [
            (#"protoPayload.methodName="google.cloud.batch.v1.BatchService.CreateJob""#, true),
            (#"protoPayload.method_name:"CreateJob""#, true),
            (#"protoPayload.authenticationInfo.principalEmail=alice@example.com"#, true),
            (#"protoPayload.authorizationInfo.permission="batch.jobs.create""#, true),
            (#"protoPayload.authorizationInfo.granted=true"#, true),
            (#"protoPayload.status.code=7"#, true),
            (#"protoPayload.status.code>7"#, false),
            (#"protoPayload.request.parent:"us-central1""#, true),
            (#"protoPayload.serviceName="run.googleapis.com""#, false),
            (#"protoPayload.@type="type.googleapis.com/google.cloud.audit.AuditLog""#, true),
            (#"alice"#, true),
            (#"logName:cloudaudit"#, true),
            (#"log_id("cloudaudit.googleapis.com/activity")"#, true),
        ])
    func filters(filter: String, matches: Bool) async throws {
        let audit = Google_Cloud_Audit_AuditLog.with {
            $0.serviceName = "batch.googleapis.com"
            $0.methodName = "google.cloud.batch.v1.BatchService.CreateJob"
            $0.authenticationInfo.principalEmail = "alice@example.com"
            $0.authorizationInfo = [
                .with {
                    $0.permission = "batch.jobs.create"
                    $0.granted = true
                }
            ]
            $0.status.code = 7
            $0.request.fields = ["parent": .init(stringValue: "projects/demo/locations/us-central1")]
        }
        var entry = entry("cloudaudit.googleapis.com%2Factivity", "a")
        entry.protoPayload = try Google_Protobuf_Any(message: audit)
        #expect(try LogFilter(filter).matches(entry) == matches)
    }

    private func entry(_ log: String, _ id: String, parent: String = "projects/demo") -> LogEntry {
        .with {
            $0.logName = "\(parent)/logs/\(log)"
            $0.insertID = id
            $0.textPayload = "x"
        }
    }
}
