import ArgumentParser
import Foundation
import Schema
import SwiftProtobuf
import Yams

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
        let client = try options.client()
        let parent = place.parent(client.installation)
        let query = id.map { "?jobId=\($0.escaped)" } ?? ""
        let answer = try await client.send(.POST, "batch", "/v1/\(parent)/jobs\(query)", body: try jobJSON())
        var decoding = JSONDecodingOptions()
        decoding.ignoreUnknownFields = true
        let job = try Google_Cloud_Batch_V1_Job(jsonUTF8Bytes: answer, options: decoding)
        guard wait else {
            if format == .json {
                try JSONOutput.print(job)
            } else {
                print("Job \(job.uid) was submitted as \(job.name).")
            }
            return
        }
        let last = try await follow(client, job)
        if format == .json { try JSONOutput.print(last) }
        guard last.status.state == .succeeded else { throw ExitCode.failure }
    }

    /// What the file says, as JSON; the server judges the rest.
    private func jobJSON() throws -> Data {
        let data = try read()
        if (try? JSONSerialization.jsonObject(with: data)) != nil { return data }
        let document = try Yams.load(yaml: String(decoding: data, as: UTF8.self))
        guard let document, JSONSerialization.isValidJSONObject(document) else {
            throw CommandFailure("'\(file)' holds neither a JSON nor a YAML object.")
        }
        return try JSONSerialization.data(withJSONObject: document)
    }

    private func read() throws -> Data {
        guard file != "-" else { return try FileHandle.standardInput.readToEnd() ?? Data() }
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw CommandFailure("Cannot read '\(file)': \(String(cString: strerror(errno)))")
        }
        return try handle.readToEnd() ?? Data()
    }

    /// Shows state and log until the job is over.
    private func follow(_ client: APIClient, _ submitted: Google_Cloud_Batch_V1_Job) async throws
        -> Google_Cloud_Batch_V1_Job
    {
        let watcher = JobWatcher(client: client, name: submitted.name)
        var reader = LogReader(client: client, project: watcher.project, jobUID: submitted.uid)
        var display = LiveLine(isQuiet: format == .json)
        display.show("Job \(submitted.uid) was submitted as \(submitted.name).")
        var job = submitted
        while true {
            display.update(JobProgress(job).line)
            let isOver = job.status.state.isFinal
            for entry in try await reader.next() { display.show("\(entry.taskIndex): \(entry.text)") }
            guard !isOver else { break }
            try await Task.sleep(for: JobWatcher.pause)
            job = try await watcher.job()
        }
        display.end()
        if job.status.state == .failed, let event = job.status.statusEvents.last {
            display.show(event.description_p)
        }
        return job
    }
}
