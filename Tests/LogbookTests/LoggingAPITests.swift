import Foundation
import Logbook
import Methods
import Schema
import SwiftProtobuf
import Testing

@testable import LoggingAPI

private typealias ListRequest = Google_Logging_V2_ListLogEntriesRequest
private typealias ListResponse = Google_Logging_V2_ListLogEntriesResponse
private typealias WriteRequest = Google_Logging_V2_WriteLogEntriesRequest
private typealias WriteResponse = Google_Logging_V2_WriteLogEntriesResponse

@Suite("The Logging API")
struct LoggingAPITests {
    private func withAPI(_ body: (API, Logbook) async throws -> Void) async throws {
        try await withDirectory { path in
            let logbook = try Logbook(path: path)
            try await body(LoggingService.api(logbook: logbook), logbook)
        }
    }

    private func refusal(_ body: () async throws -> Void) async -> ServiceError? {
        await #expect(throws: ServiceError.self) { try await body() }
    }

    @Test("lists page by page, for a project by id or number, and answers with the id")
    func listing() async throws {
        try await withAPI { api, logbook in
            try await logbook.append((0..<5).map { taskEntry("\($0)", second: $0) })
            var request = ListRequest.with {
                $0.resourceNames = ["projects/1234", "projects/demo"]
                $0.orderBy = "timestamp desc"
                $0.filter = "labels.job_uid=hello-1"
                $0.pageSize = 2
            }
            var texts: [String] = []
            repeat {
                let page: ListResponse = try await api.call("ListLogEntries", request, .fake("logging.logEntries.list"))
                #expect(page.entries.allSatisfy { $0.logName == "projects/demo/logs/batch_task_logs" })
                texts += page.entries.map(\.textPayload)
                request.pageToken = page.nextPageToken
            } while !request.pageToken.isEmpty
            #expect(texts == ["4", "3", "2", "1", "0"])
        }
    }

    @Test("refuses a page token that is none, or that belongs to another question")
    func pageTokens() async throws {
        try await withAPI { api, logbook in
            try await logbook.append((0..<5).map { taskEntry("\($0)", second: $0) })
            var request = ListRequest.with {
                $0.resourceNames = ["projects/demo"]
                $0.pageSize = 2
            }
            let page: ListResponse = try await api.call("ListLogEntries", request, .fake("logging.logEntries.list"))
            request.filter = "x"
            for token in [page.nextPageToken, "nonsense", "e30="] {
                request.pageToken = token
                let error = await refusal {
                    let _: ListResponse = try await api.call(
                        "ListLogEntries", request, .fake("logging.logEntries.list"))
                }
                #expect(error?.code == .invalidArgument)
                #expect(error?.message.hasPrefix("Invalid value for 'page_token'") == true)
            }
        }
    }

    @Test(
        "refuses a list request that can never be right",
        arguments: [
            (ListRequest.with { $0.resourceNames = [] }, "resource_names has 0 names; between 1 and 100 are allowed."),
            (
                ListRequest.with { $0.resourceNames = ["organizations/1"] },
                "'organizations/1' is not of the form projects/PROJECT; logs of organizations, folders, billing "
                    + "accounts and log views are not supported."
            ),
            (request { $0.filter = "a=" }, "Unparseable filter: unknown field 'a' at line 1, column 1, token 'a'"),
            (
                request { $0.orderBy = "severity" },
                "order_by is 'severity'; it must be 'timestamp asc' or 'timestamp desc'."
            ),
            (request { $0.pageSize = -1 }, "Invalid value for 'page_size': must not be negative, but is -1."),
        ])
    private func invalidLists(_ request: ListRequest, _ message: String) async throws {
        try await withAPI { api, _ in
            let error = await refusal {
                let _: ListResponse = try await api.call("ListLogEntries", request, .fake("logging.logEntries.list"))
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message == message)
        }
    }

    private static func request(_ change: (inout ListRequest) -> Void) -> ListRequest {
        var request = ListRequest.with { $0.resourceNames = ["projects/demo"] }
        change(&request)
        return request
    }

    @Test(
        "refuses callers without the permission on each project, and tells them no more of projects that are not there")
    func permissions() async throws {
        try await withAPI { api, _ in
            for (call, name) in [
                (Call.fake(), "demo"), (.fake(), "1234"), (.fake("logging.logEntries.list"), "absent"),
            ] {
                let request = ListRequest.with { $0.resourceNames = ["projects/\(name)"] }
                let error = await refusal { let _: ListResponse = try await api.call("ListLogEntries", request, call) }
                #expect(error?.code == .permissionDenied)
                #expect(
                    error?.message == "Permission 'logging.logEntries.list' denied on resource "
                        + "'//cloudresourcemanager.googleapis.com/projects/\(name)' (or it may not exist).")
            }
            let write = WriteRequest.with { $0.entries = [taskEntry("x")] }
            let error = await refusal {
                let _: WriteResponse = try await api.call("WriteLogEntries", write, .fake("logging.logEntries.list"))
            }
            #expect(error?.code == .permissionDenied)
        }
    }

    @Test("fills in what written entries leave out, and their own values win")
    func writing() async throws {
        try await withAPI { api, logbook in
            let request = WriteRequest.with {
                $0.logName = "projects/1234/logs/my%2Flog"
                $0.resource.type = "global"
                $0.labels = ["a": "request", "b": "request"]
                $0.entries = [
                    .with {
                        $0.textPayload = "hello"
                        $0.labels = ["a": "entry"]
                    }
                ]
            }
            let _: WriteResponse = try await api.call("WriteLogEntries", request, .fake("logging.logEntries.create"))
            let entry = try #require(try await logbook.entries(LogQuery(projects: ["demo"])).entries.first)
            #expect(entry.logName == "projects/demo/logs/my%2Flog")
            #expect(entry.labels == ["a": "entry", "b": "request"])
            #expect(entry.resource.labels == ["project_id": "demo"])
            #expect(entry.timestamp.seconds == 1_790_000_100)
            #expect(entry.receiveTimestamp == entry.timestamp)
            #expect(!entry.insertID.isEmpty)
        }
    }

    @Test("writes all entries or none, unless partial success is asked for, and nothing in a dry run")
    func partialSuccess() async throws {
        try await withAPI { api, logbook in
            var large = taskEntry(String(repeating: "x", count: 256 << 10))
            var request = WriteRequest.with { $0.entries = [taskEntry("good"), large] }
            let call = Call.fake("logging.logEntries.create")
            var error = await refusal { let _: WriteResponse = try await api.call("WriteLogEntries", request, call) }
            #expect(error?.message.hasPrefix("entries[1] is 262") == true)
            #expect(try await logbook.texts().isEmpty)
            request.partialSuccess = true
            error = await refusal { let _: WriteResponse = try await api.call("WriteLogEntries", request, call) }
            #expect(
                error?.message.hasPrefix("1 of 2 entries were not written; the first is number 1: entries[1]") == true)
            #expect(try await logbook.texts() == ["good"])
            large.textPayload = "small"
            request.entries = [large]
            request.dryRun = true
            let _: WriteResponse = try await api.call("WriteLogEntries", request, call)
            #expect(try await logbook.texts() == ["good"])
        }
    }

    @Test(
        "refuses an entry that no log can take",
        arguments: [
            (changed { $0.logName = "" }, "Log name ''"),
            (changed { $0.logName = "organizations/1/logs/a" }, "Log name"),
            (changed { $0.logName = "projects/demo/logs/a/b" }, "Log name 'projects/demo/logs/a/b' is not"),
            (changed { $0.clearResource() }, "entries[0].resource is missing"),
            (changed { $0.insertID = "a\0b" }, "entries[0].insert_id holds a NUL"),
            (changed { $0.resource.type = "a\0b" }, "entries[0].resource.type holds a NUL"),
            (changed { $0.labels["job_uid"] = "a\0b" }, "entries[0].labels holds a NUL"),
            (changed { $0.timestamp.seconds += 100_000 }, "entries[0].timestamp is more than 30 days in the past"),
            (changed { $0.timestamp.seconds -= 31 * 86_400 }, "entries[0].timestamp is more than 30 days in the past"),
            (changed { $0.timestamp.nanos = -1 }, "entries[0].timestamp is more than"),
            (changed { $0.jsonPayload.fields["a"] = .init(numberValue: .nan) }, "entries[0] has a number"),
            (changed { $0.jsonPayload.fields["a"] = Google_Protobuf_Value() }, "entries[0] has a number"),
            (changed { $0.jsonPayload = nested(31) }, "entries[0].json_payload nests more than 30"),
            (changed { $0.httpRequest.latency.seconds = .max }, "entries[0] has a number, duration"),
            (changed { $0.protoPayload = unknownMessage }, "entries[0] has a number, duration or message"),
            (changed { $0.labels[String(repeating: "k", count: 513)] = "v" }, "entries[0].labels has a label"),
        ])
    func invalidEntries(_ entry: LogEntry, _ message: String) async throws {
        try await withAPI { api, _ in
            let request = WriteRequest.with { $0.entries = [entry] }
            let error = await refusal {
                let _: WriteResponse = try await api.call(
                    "WriteLogEntries", request, .fake("logging.logEntries.create"))
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message.hasPrefix(message) == true)
        }
    }

    private static func nested(_ levels: Int) -> Google_Protobuf_Struct {
        (1..<levels).reduce(Google_Protobuf_Struct(fields: ["a": .init(boolValue: true)])) { inner, _ in
            Google_Protobuf_Struct(fields: ["a": .init(structValue: inner)])
        }
    }

    private static let unknownMessage = Google_Protobuf_Any.with {
        $0.typeURL = "type.googleapis.com/test.Unknown"
        $0.value = Data([0xFF])
    }

    @Test("takes an entry that nests as deeply as clients can read")
    func deepest() async throws {
        try await withAPI { api, _ in
            let entry = Self.changed { $0.jsonPayload = Self.nested(30) }
            let request = WriteRequest.with { $0.entries = [entry] }
            let _: WriteResponse = try await api.call(
                "WriteLogEntries", request, .fake("logging.logEntries.create"))
            let list = ListRequest.with { $0.resourceNames = ["projects/demo"] }
            let page: ListResponse = try await api.call("ListLogEntries", list, .fake("logging.logEntries.list"))
            #expect(page.entries.map(\.jsonPayload) == [entry.jsonPayload])
        }
    }

    private static func changed(_ change: (inout LogEntry) -> Void) -> LogEntry {
        var entry = taskEntry("x")
        change(&entry)
        return entry
    }

    @Test("lists the logs of a project page by page, and deletes one")
    func logs() async throws {
        try await withAPI { api, logbook in
            try await logbook.append(["c", "a", "b"].map { taskEntry("x", log: $0) })
            var request = Google_Logging_V2_ListLogsRequest.with {
                $0.parent = "projects/1234"
                $0.pageSize = 2
            }
            typealias Response = Google_Logging_V2_ListLogsResponse
            let first: Response = try await api.call("ListLogs", request, .fake())
            #expect(first.logNames == ["projects/demo/logs/a", "projects/demo/logs/b"])
            request.pageToken = first.nextPageToken
            let second: Response = try await api.call("ListLogs", request, .fake())
            #expect(second.logNames == ["projects/demo/logs/c"])
            #expect(second.nextPageToken.isEmpty)

            let deletion = Google_Logging_V2_DeleteLogRequest.with { $0.logName = "projects/1234/logs/c" }
            let _: Google_Protobuf_Empty = try await api.call("DeleteLog", deletion, .fake())
            let error = await refusal {
                let _: Google_Protobuf_Empty = try await api.call("DeleteLog", deletion, .fake())
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test("says which resources logs are about")
    func descriptors() async throws {
        try await withAPI { api, _ in
            let response: Google_Logging_V2_ListMonitoredResourceDescriptorsResponse = try await api.call(
                "ListMonitoredResourceDescriptors", Google_Logging_V2_ListMonitoredResourceDescriptorsRequest(), .fake()
            )
            #expect(response.resourceDescriptors.map(\.type) == ["batch.googleapis.com/Job", "generic_task", "global"])
        }
    }

    @Test(
        "follows new entries, in messages that clients can take, and changes the filter on request",
        .timeLimit(.minutes(1)))
    func tailing() async throws {
        try await withAPI { api, logbook in
            let (requests, input) = AsyncThrowingStream<Google_Logging_V2_TailLogEntriesRequest, any Error>.makeStream()
            let (responses, output) = AsyncStream<Google_Logging_V2_TailLogEntriesResponse>.makeStream()
            let tail = Task {
                defer { output.finish() }
                try await EntryTail(logbook: logbook).answer(
                    requests, { _ = output.yield($0) }, .fake("logging.logEntries.list"))
            }
            let request = Google_Logging_V2_TailLogEntriesRequest.with {
                $0.resourceNames = ["projects/demo"]
                $0.filter = "wanted"
                $0.bufferWindow = Google_Protobuf_Duration(seconds: 0, nanos: 0)
            }
            input.yield(request)
            input.finish()
            // The tail is open from some moment on: what is written until then is not seen.
            let writer = Task {
                for second in 0... {
                    try await logbook.append([taskEntry("other", second: second), taskEntry("wanted", second: second)])
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
            var seen = 0
            for await response in responses {
                #expect(response.entries.allSatisfy { $0.textPayload == "wanted" })
                seen += response.entries.count
                if seen > 3 { break }
            }
            #expect(seen > 3)
            writer.cancel()
            tail.cancel()
            try? await tail.value
        }
    }

    @Test("refuses to follow without a request, or with a window out of range")
    func badTails() async throws {
        try await withAPI { api, logbook in
            let bad: [Google_Logging_V2_TailLogEntriesRequest] = [
                .with {
                    $0.resourceNames = ["projects/demo"]
                    $0.bufferWindow.seconds = 61
                }, .with { $0.resourceNames = [] },
            ]
            for request in bad.map({ [$0] }) + [[]] {
                let requests = AsyncThrowingStream<Google_Logging_V2_TailLogEntriesRequest, any Error> { continuation in
                    for request in request { continuation.yield(request) }
                    continuation.finish()
                }
                let error = await refusal {
                    try await EntryTail(logbook: logbook).answer(requests, { _ in }, .fake("logging.logEntries.list"))
                }
                #expect(error?.code == .invalidArgument)
            }
        }
    }
}
