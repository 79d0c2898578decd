import ArgumentParser
import Foundation
import Schema

struct Logs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print what a job's tasks have printed.")

    @Argument(help: "The job's id, or its full name.")
    var job: String

    @Flag(name: .shortAndLong, help: "Go on until the job is over.")
    var follow = false

    @OptionGroup var place: JobPlace
    @OptionGroup var options: ClientOptions
    @Option(help: "text or json.") var format: OutputFormat = .text

    func run() async throws {
        let client = try options.client()
        let name = place.job(job, client.installation)
        let watcher = JobWatcher(client: client, name: name)
        var record = try await watcher.job()
        var reader = LogReader(client: client, project: watcher.project, jobUID: record.uid)
        while true {
            // Asked before the log is read: what a job prints is readable before it is over.
            let isOver = record.status.state.isFinal
            for entry in try await reader.next() { try printEntry(entry) }
            guard follow, !isOver else { return }
            try await Task.sleep(for: JobWatcher.pause)
            record = try await watcher.job()
        }
    }

    private func printEntry(_ entry: Google_Logging_V2_LogEntry) throws {
        switch format {
        case .text: print("\(entry.taskIndex): \(entry.text)")
        case .json: print(try entry.jsonString())
        }
    }
}
