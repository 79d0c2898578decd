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
                ListRequest.with { $0.resourceNames = ["billingAccounts/1"] },
                "'billingAccounts/1' is not of the form projects/PROJECT, folders/FOLDER or "
                    + "organizations/ORGANIZATION; logs of billing accounts and log views are not supported."
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
            #expect(
                response.resourceDescriptors.map(\.type) == [
                    "batch.googleapis.com/Job", "generic_task", "audited_resource", "project", "folder", "organization",
                    "service_account", "global",
                ])
        }
    }

    @Test(
        "follows new entries, in messages that clients can take, and changes the filter on request",
        .timeLimit(.minutes(10)))
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
