import Foundation
import Schema
import SwiftProtobuf
import Testing
import Workload

@testable import Dispatcher

@Suite("Log entries of tasks", .timeLimit(.minutes(10)))
struct LogTests {
    static func lines(_ texts: [String], stream: Landfall_Agent_V1_Lines.Stream = .stdout, cut: Bool = false)
        -> Landfall_Agent_V1_Item.OneOf_Kind
    {
        .lines(
            .with {
                $0.stream = stream
                $0.lines = texts.enumerated().map { number, text in
                    .with {
                        $0.time = Google_Protobuf_Timestamp(seconds: 1_700_000_000)
                        $0.text = Data(text.utf8)
                        $0.continues = cut && number < texts.count - 1
                    }
                }
            })
    }

    static func keep(_ plan: inout Plan, limit: Int = 1 << 20) {
        plan.logs = .keep(
            limit: limit,
            as: LogTemplate(
                project: "demo", logID: "batch_task_logs", resourceType: "batch.googleapis.com/Job",
                resourceLabels: ["job_id": "job"],
                labels: ["task_id": "uid-group0-{index}", "where": "{index}/{attempt}/{step}"]))
        plan.steps[0].labels = ["own": "yes"]
    }

    @Test("Lines bear the job's resource, their task's labels, and a severity by stream")
    func entries() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        _ = try await bench.dispatcher.submit(bench.job(tasks: 2) { Self.keep(&$0) }, requestID: nil)
        let attempts = await agent.lease().attempts
        await agent.report([
            (attempts[1], Self.lines(["one", "two"])), (attempts[1], Self.lines(["bad"], stream: .stderr)),
        ])
        let entries = await bench.logbook.entries
        #expect(entries.map(\.textPayload) == ["one", "two", "bad"])
        #expect(entries.map(\.severity) == [.info, .info, .error])
        #expect(entries[0].logName == "projects/demo/logs/batch_task_logs")
        #expect(entries[0].resource.labels == ["job_id": "job"])
        #expect(entries[0].labels == ["task_id": "uid-group0-1", "where": "1/0/0", "own": "yes"])
        #expect(entries[0].timestamp.seconds == 1_700_000_000)
        #expect(entries.map(\.insertID) == entries.map(\.insertID).sorted())
        #expect(Set(entries.map(\.insertID)).count == 3)
    }

    @Test("A logbook that fails for a while loses nothing and doubles nothing")
    func failure() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        _ = try await bench.dispatcher.submit(bench.job { Self.keep(&$0) }, requestID: nil)
        let attempt = await agent.lease().attempts[0]
        await bench.logbook.fail(2)
        await agent.report([(attempt, Self.lines(["one"]))])
        #expect(await bench.logbook.entries.map(\.textPayload) == ["one"])
    }

    @Test("Lines whose commit was lost with the server are kept once when they come again")
    func crashBetweenLogAndCommit() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher, incarnation: "i1")
        await agent.connect()
        let job = try await bench.dispatcher.submit(bench.job { Self.keep(&$0) }, requestID: nil)
        let attempt = await agent.lease().attempts[0]
        await agent.report([(attempt, Self.lines(["one", "two"]))])
        let entries = await bench.logbook.entries
        let writer = LogWriter(
            template: LogTemplate(
                project: "demo", logID: "batch_task_logs", resourceType: "", resourceLabels: [:], labels: [:]),
            steps: job.plan.steps, task: TaskRecord(index: 0), item: .with { $0.sequence = 1 },
            lines: .with { $0.lines = [.init(), .init()] }, incarnation: "i1")
        var split: LogSplit?
        var logged = 0
        let again = writer.entries(split: &split, logged: &logged, limit: 1000, now: bench.clock.now).entries
        #expect(again.map(\.insertID) == entries.map(\.insertID))
    }

    @Test("At the job's limit a last entry says so, the agent is told, and the count survives a restart")
    func limit() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher, incarnation: "i1")
        await agent.connect()
        let job = try await bench.dispatcher.submit(
            bench.job(tasks: 1) { Self.keep(&$0, limit: 5 + LogWriter.entryCost) }, requestID: nil)
        let attempt = await agent.lease().attempts[0]
        await agent.report([(attempt, Self.lines(["four", "5...."]))])
        let dispatcher = try await bench.restarted()
        let again = FakeAgent(dispatcher, incarnation: "i1")
        await again.connect(attempts: [attempt], plans: [job.uid])
        #expect(await again.mute() == job.uid)
        await again.send([(attempt, Self.lines(["more"]))], from: 2)
        let entries = await bench.logbook.entries
        #expect(entries.count == 2)
        #expect(entries.last?.severity == .warning)
        #expect(entries.last?.textPayload.contains("\(5 + LogWriter.entryCost) bytes") == true)
    }

    @Test("A line that was cut is marked, and its last piece knows how many there were")
    func split() async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        _ = try await bench.dispatcher.submit(bench.job { Self.keep(&$0) }, requestID: nil)
        let attempt = await agent.lease().attempts[0]
        await agent.report([(attempt, Self.lines(["a", "b", "c"], cut: true))])
        await agent.report([(attempt, Self.lines(["d"]))])
        let entries = await bench.logbook.entries
        #expect(entries.map(\.split.index) == [0, 1, 2, 0])
        #expect(entries.map(\.split.totalSplits) == [0, 0, 3, 0])
        #expect(Set(entries.prefix(3).map(\.split.uid)).count == 1)
        #expect(!entries[3].hasSplit)
    }

    @Test(
        "Lines that are one JSON object are structured",
        arguments: [
            (#"{"message":"hi"}"#, #"{"textPayload":"hi","severity":"INFO"}"#),
            (#"{"message":"hi","severity":"warn"}"#, #"{"textPayload":"hi","severity":"WARNING"}"#),
            (#"{"a":1,"severity":"odd"}"#, #"{"jsonPayload":{"a":1.0,"severity":"odd"},"severity":"INFO"}"#),
            (#"{"a":1,"severity":400}"#, #"{"jsonPayload":{"a":1.0},"severity":"WARNING"}"#),
            (#"{"a":1} trailing"#, #"{"textPayload":"{\"a\":1} trailing","severity":"INFO"}"#),
            ("[1]", #"{"textPayload":"[1]","severity":"INFO"}"#),
        ])
    func structured(line: String, expected: String) throws {
        var entry = Google_Logging_V2_LogEntry.with { $0.severity = .info }
        if !StructuredLine.fill(&entry, with: Data(line.utf8)) { entry.textPayload = line }
        #expect(entry == (try Google_Logging_V2_LogEntry(jsonString: expected)))
    }

    @Test(
        "A structured line may tell its time, unless that is too far from when it was printed",
        arguments: [
            (#""2024-01-02T03:04:05Z""#, "2024-01-02T03:04:05Z"),
            (#""2024-01-02T03:04:05+02:00""#, "2024-01-02T01:04:05Z"),
            (#"{"seconds":1704164645,"nanos":5}"#, "2024-01-02T03:04:05.000000005Z"),
            (#""2023-12-03T12:00:00Z""#, "2023-12-03T12:00:00Z"), (#""2023-12-03T11:59:59Z""#, nil),
            (#""2024-01-03T12:00:00Z""#, "2024-01-03T12:00:00Z"), (#""2024-01-03T12:00:01Z""#, nil),
            (#""9999-12-31T23:59:59Z""#, nil), (#""0001-01-01T00:00:00Z""#, nil), (#"{"seconds":253402300799}"#, nil),
            (#"{"seconds":-1}"#, nil), (#""yesterday""#, nil), ("1704164645", nil),
        ] as [(String, String?)])
    func time(own: String, expected: String?) throws {
        let printed = "2024-01-02T12:00:00Z"
        for name in ["time", "timestamp"] {
            var entry = Google_Logging_V2_LogEntry.with {
                $0.timestamp = (try? Google_Protobuf_Timestamp(jsonString: "\"\(printed)\"")) ?? .init()
            }
            #expect(StructuredLine.fill(&entry, with: Data(#"{"a":1,"\#(name)":\#(own)}"#.utf8)))
            #expect(try entry.timestamp.jsonString() == "\"\(expected ?? printed)\"")
            // What could not be used stays in the payload.
            #expect(entry.jsonPayload.fields.count == (expected == nil ? 2 : 1))
        }
    }

    @Test(
        "Lines are kept whatever the agent's clock says",
        arguments: [Int64.min, -1, 0, 1 << 33, 253_402_300_799, Int64.max])
    func clocks(seconds: Int64) async throws {
        let bench = try await Bench()
        let agent = FakeAgent(bench.dispatcher)
        await agent.connect()
        _ = try await bench.dispatcher.submit(bench.job { Self.keep(&$0) }, requestID: nil)
        let attempt = await agent.lease().attempts[0]
        await agent.report([
            (
                attempt,
                .lines(
                    .with {
                        $0.lines = [
                            .with { line in
                                line.text = Data("x".utf8)
                                line.time.seconds = seconds
                            }
                        ]
                    })
            )
        ])
        let entry = try #require(await bench.logbook.entries.first)
        #expect((0..<1 << 33).contains(entry.timestamp.seconds))
        #expect((entry.timestamp.seconds == seconds) == (seconds == 0))
    }

    @Test("A line that nests so deeply that clients could not read the entry stays text", arguments: [0, 1])
    func deep(beyond: Int) throws {
        let depth = StructuredLine.deepest + beyond
        let line = String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
        var entry = Google_Logging_V2_LogEntry()
        #expect(StructuredLine.fill(&entry, with: Data(line.utf8)) == (beyond == 0))
        let response = Google_Logging_V2_ListLogEntriesResponse.with { $0.entries = [entry] }
        #expect(try Google_Logging_V2_ListLogEntriesResponse(serializedBytes: response.serializedData()) == response)
    }
}
