import Logbook
import Schema
import SwiftProtobuf

@testable import Logbook

extension FuzzedParser {
    /// Filters of the Logging query language, tried on entries of several kinds.
    ///
    /// A filter's plan, by which the logbook passes entries over, never leaves out an entry that matches.
    static let logFilter = FuzzedParser("log-filter") { input in
        let filter = try LogFilter(input.text)
        for entry in entries {
            let matches = filter.matches(entry)
            let plan = filter.plan
            let parts = plan.series + plan.streams + plan.severities + plan.entries
            let isTimely = !plan.isEmpty && (Nanoseconds.since1970(entry.timestamp).map(plan.times.contains) ?? false)
            let isOfJob = plan.jobs.map { jobs in
                jobs.contains { $0.lowercased() == entry.labels["job_uid"]?.lowercased() }
            }
            let isPlanned = isTimely && (isOfJob ?? true) && parts.allSatisfy { $0.matches(entry) }
            try expect(matches == isPlanned, "the filter says \(matches), and its plan \(isPlanned)")
        }
    }

    /// Regular expressions, looked for in texts of several kinds.
    static let pattern = FuzzedParser("pattern") { input in
        let pattern = try Pattern(input.text)
        for text in ["", "a", "hello-1 Zeile\nzwei\u{301}", String(repeating: "ab", count: 500)] {
            _ = pattern.isFound(in: text)
        }
    }

    private static let entries: [LogEntry] = [
        LogEntry(),
        .with {
            $0.logName = "projects/demo/logs/batch_task_logs"
            $0.textPayload = "hello world 42"
            $0.resource.type = "batch.googleapis.com/Job"
            $0.resource.labels = ["location": "us-central1", "job_id": "hello"]
            $0.labels = ["job_uid": "hello-1", "task_id": "hello-1-group0-0"]
            $0.timestamp = Google_Protobuf_Timestamp(seconds: 1_790_000_000, nanos: 5)
            $0.severity = .info
            $0.insertID = "0000"
        },
        .with {
            $0.logName = "projects/demo/logs/run.googleapis.com%2Fstdout"
            $0.jsonPayload.fields = [
                "message": "Wörter", "n": 1.5, "ok": true, "ip": "10.0.0.1",
                "deep": Google_Protobuf_Value(structValue: Google_Protobuf_Struct(fields: ["a": "b"])),
                "list": Google_Protobuf_Value(listValue: [1, "two"]),
            ]
            $0.httpRequest.status = 404
            $0.timestamp = Google_Protobuf_Timestamp(seconds: 9_000_000_000, nanos: 999_999_999)
            $0.severity = .error
        },
    ]
}
