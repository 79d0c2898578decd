import ArgumentParser
import Foundation
import Schema

struct Jobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the jobs of a project, newest first.")

    @OptionGroup var options: ClientOptions
    @Option(help: "The project's id. Default: the server's first project.") var project: String?
    @Option(help: "The location; '-' for all of them.") var location = "-"
    @Option(help: "At most so many.") var limit = 100
    @Option(help: "text or json.") var format: OutputFormat = .text

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1.") }
    }

    func run() async throws {
        let client = try options.client()
        let project = project ?? client.installation.info.project
        var jobs: [Google_Cloud_Batch_V1_Job] = []
        var token = ""
        repeat {
            let size = min(limit - jobs.count, 1000)
            let page = try await client.call(
                .GET, "batch",
                "/v1/projects/\(project.escaped)/locations/\(location.escaped)/jobs"
                    + "?pageSize=\(size)&pageToken=\(token.escaped)",
                returning: Google_Cloud_Batch_V1_ListJobsResponse.self)
            jobs += page.jobs
            token = page.nextPageToken
        } while !token.isEmpty && jobs.count < limit
        switch format {
        case .json: try JSONOutput.print(jobs)
        case .text: print(Self.table(jobs), terminator: "")
        }
    }

    static func table(_ jobs: [Google_Cloud_Batch_V1_Job]) -> String {
        var table = TextTable(["NAME", "LOCATION", "STATE", "TASKS", "CREATED"])
        for job in jobs {
            let parts = job.name.split(separator: "/")
            guard parts.count == 6 else { continue }
            table.add([
                String(parts[5]), String(parts[3]), job.status.state.label, JobProgress(job).summary,
                job.createTime.date.formatted(.iso8601),
            ])
        }
        return table.text
    }
}

extension Google_Cloud_Batch_V1_JobStatus.State {
    /// The name of the state in the API: `SUCCEEDED`.
    var label: String {
        switch self {
        case .unspecified, .UNRECOGNIZED: "UNKNOWN"
        case .queued: "QUEUED"
        case .scheduled: "SCHEDULED"
        case .running: "RUNNING"
        case .succeeded: "SUCCEEDED"
        case .failed: "FAILED"
        case .deletionInProgress: "DELETION_IN_PROGRESS"
        case .cancellationInProgress: "CANCELLATION_IN_PROGRESS"
        case .cancelled: "CANCELLED"
        }
    }

    /// Whether the job is over.
    var isFinal: Bool { self == .succeeded || self == .failed || self == .cancelled }
}
