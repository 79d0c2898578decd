import ArgumentParser
import Foundation
import Schema
import SwiftProtobuf

struct Submit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Submit a Batch job.",
        discussion:
            "The file holds a Job of the Batch API in JSON or YAML, as 'gcloud batch jobs submit --config' takes it.")

    @Argument(help: "The file; '-' for standard input.")
    var file: String

    @Option(name: .customLong("name"), help: "The job's id. Default: the server makes one.")
    var id: String?

    @Flag(help: "Wait until the job is over, show its state and log, and exit with 1 unless it succeeded.")
    var wait = false

    @OptionGroup var place: JobPlace
    @OptionGroup var options: ClientOptions
    @Option(help: "text or json.") var format: OutputFormat = .text

    func run() async throws {
        let job = try JobFile(file: InputFile(path: file)).json()
        let client = try options.client()
        let parent = place.parent(client.installation)
        let query = id.map { "?jobId=\($0.escaped)" } ?? ""
        let answer = try await client.send(.POST, "batch", "/v1/\(parent)/jobs\(query)", body: job)
        var decoding = JSONDecodingOptions()
        decoding.ignoreUnknownFields = true
        let submitted = try Google_Cloud_Batch_V1_Job(jsonUTF8Bytes: answer, options: decoding)
        guard wait else {
            if format == .json {
                try JSONOutput.print(submitted)
            } else {
                print("Job \(submitted.uid) was submitted as \(submitted.name).")
            }
            return
        }
        let last = try await follow(client, submitted)
        if format == .json { try JSONOutput.print(last) }
        guard last.status.state == .succeeded else { throw ExitCode.failure }
    }

    /// Shows state and log until the job is over.
    private func follow(_ client: APIClient, _ submitted: Google_Cloud_Batch_V1_Job) async throws
        -> Google_Cloud_Batch_V1_Job
    {
        let interruption = Interruption(
            lastWord: "The job goes on: 'landfall logs -f \(submitted.name)' follows it, "
                + "'landfall cancel \(submitted.name)' ends it.")
        defer { withExtendedLifetime(interruption) {} }
        var display = LiveLine(isQuiet: format == .json)
        display.show("Job \(submitted.uid) was submitted as \(submitted.name).")
        let job = try await JobWatcher(client: client, name: submitted.name).follow(submitted) {
            display.update(JobProgress($0).line)
        } entry: {
            display.show("\($0.taskIndex): \($0.text)")
        }
        display.end()
        if job.status.state == .failed, let event = job.status.statusEvents.last {
            display.show(event.description_p)
        }
        return job
    }
}
