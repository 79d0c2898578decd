import ArgumentParser
import Foundation
import Schema

struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End a job early.", discussion: "The job, its tasks and its log stay readable.")

    @Argument(help: "The job's id, or its full name.")
    var job: String

    @OptionGroup var place: JobPlace
    @OptionGroup var options: ClientOptions

    func run() async throws {
        let client = try options.client()
        let name = place.job(job, client.installation)
        let path = name.split(separator: "/").map { String($0).escaped }.joined(separator: "/")
        _ = try await client.call(
            .POST, "batch", "/v1/\(path):cancel", body: Google_Cloud_Batch_V1_CancelJobRequest(),
            returning: Google_Longrunning_Operation.self)
        print("Job \(name) is being cancelled.")
    }
}
