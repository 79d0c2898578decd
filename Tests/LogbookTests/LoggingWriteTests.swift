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

@Suite("Writing entries by the Logging API")
struct LoggingWriteTests {
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
            let entry = try #require(
                try await logbook.entries(LogQuery(views: [LogView(.project("demo"))])).entries.first)
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
            (changed { $0.logName = "billingAccounts/1/logs/a" }, "Log name"),
            (
                changed { $0.logName = "projects/demo/logs/cloudaudit.googleapis.com%2Factivity" },
                "The log 'projects/demo/logs/cloudaudit.googleapis.com%2Factivity' is reserved"
            ),
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
}
