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
        let record = try await watcher.job()
        if follow {
            _ = try await watcher.follow(record, state: { _ in }, entry: printEntry)
        } else {
            var reader = watcher.log(of: record)
            try await reader.next(printEntry)
        }
    }

    private func printEntry(_ entry: Google_Logging_V2_LogEntry) throws {
        switch format {
        case .text: print("\(entry.taskIndex): \(entry.text)")
        case .json: print(try entry.jsonString())
        }
    }
}
