import Schema
import Testing

@testable import landfall

@Suite("What the command says of a job")
struct JobProgressTests {
    private func job(_ counts: [String: Int64], of total: Int64) -> Google_Cloud_Batch_V1_Job {
        .with {
            $0.name = "projects/demo/locations/us-central1/jobs/hello"
            $0.taskGroups = [.with { $0.taskCount = total }]
            $0.status.state = .running
            $0.status.taskGroups = ["group0": .with { $0.counts = counts }]
        }
    }

    @Test("names the states that tasks are in, those that are over first")
    func line() {
        let progress = JobProgress(job(["PENDING": 6, "RUNNING": 2, "SUCCEEDED": 12], of: 20))
        #expect(progress.line == "RUNNING: 12 succeeded, 2 running, 6 pending of 20 tasks")
        #expect(progress.summary == "12/20")
    }

    @Test("a list of jobs has one line for each, in even columns")
    func table() {
        let lines = Jobs.table([job(["SUCCEEDED": 1], of: 1)]).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[1].hasPrefix("hello  us-central1  RUNNING  1/1"))
        #expect(lines[0].hasPrefix("NAME   LOCATION     STATE    TASKS"))
    }
}
