import Foundation
import Schema

/// Looks at one job again and again.
struct JobWatcher {
    var client: APIClient
    /// `projects/demo/locations/us-central1/jobs/hello`
    let name: String

    /// How long to wait between two looks, at least.
    private static let pause = Duration.milliseconds(200)

    /// The project's id or number, as the name has it.
    private var project: String {
        let parts = name.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    func job() async throws -> Google_Cloud_Batch_V1_Job {
        let path = name.split(separator: "/").map { String($0).escaped }.joined(separator: "/")
        return try await client.call(.GET, "batch", "/v1/\(path)", returning: Google_Cloud_Batch_V1_Job.self)
    }

    func log(of job: Google_Cloud_Batch_V1_Job) -> LogReader {
        LogReader(client: client, project: project, jobUID: job.uid)
    }

    /// Goes on until the job is over, which outlives a server that stops and is started again.
    ///
    /// - Parameters:
    ///   - job: the job as it was last seen.
    ///   - state: takes the job each time that it was looked at.
    ///   - entry: takes each entry of its log, once.
    /// - Returns: the job as it ended.
    func follow(
        _ job: Google_Cloud_Batch_V1_Job, state: (Google_Cloud_Batch_V1_Job) -> Void,
        entry: (Google_Logging_V2_LogEntry) throws -> Void
    ) async throws -> Google_Cloud_Batch_V1_Job {
        var watcher = self
        watcher.client.isPatient = true
        var reader = watcher.log(of: job)
        var job = job
        while true {
            let begun = ContinuousClock.now
            state(job)
            // Asked before the log is read: what a job prints is readable before it is over.
            let isOver = job.status.state.isFinal
            try await reader.next(entry)
            guard !isOver else { return job }
            // A log that takes long to read is read less often.
            try await Task.sleep(for: max(Self.pause, begun.duration(to: .now) * 2))
            job = try await watcher.job()
        }
    }
}
