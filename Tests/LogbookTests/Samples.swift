import Foundation
import Logbook
import Schema
import SwiftProtobuf

/// A batch task's entry: `second` is counted from a fixed time.
func taskEntry(
    _ text: String, second: Int = 0, job: String = "hello-1", task: Int = 0, id: String = "", project: String = "demo",
    log: String = "batch_task_logs", severity: Google_Logging_Type_LogSeverity = .info
) -> LogEntry {
    .with {
        $0.logName = "projects/\(project)/logs/\(log)"
        $0.textPayload = text
        $0.resource.type = "batch.googleapis.com/Job"
        $0.resource.labels = [
            "resource_container": "projects/\(project)", "location": "us-central1", "job_id": "hello",
        ]
        $0.labels = ["job_uid": job, "task_id": "\(job)-group0-\(task)"]
        $0.timestamp = Google_Protobuf_Timestamp(seconds: 1_790_000_000 + Int64(second), nanos: 0)
        $0.severity = severity
        $0.insertID = id
    }
}

/// Runs a test with a logbook in a directory that is removed afterwards.
func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("logbook-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(directory.appendingPathComponent("logs.sqlite").path)
}

extension LogPage {
    var texts: [String] { entries.map(\.textPayload) }
}

extension Logbook {
    /// The texts on all pages.
    func texts(_ filter: String = "", newestFirst: Bool = false, pageSize: Int = 1000) async throws -> [String] {
        var query = LogQuery(
            views: [LogView(.project("demo"))], filter: try LogFilter(filter), newestFirst: newestFirst,
            pageSize: pageSize)
        var texts: [String] = []
        repeat {
            let page = try await entries(query)
            texts += page.texts
            query.after = page.next
        } while query.after != nil
        return texts
    }
}
