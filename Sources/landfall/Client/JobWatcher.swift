import Foundation
import Schema

/// Looks at one job again and again.
struct JobWatcher {
    let client: APIClient
    /// `projects/demo/locations/us-central1/jobs/hello`
    let name: String

    /// How long to wait between two looks.
    static let pause = Duration.milliseconds(200)

    /// The project's id or number, as the name has it.
    var project: String {
        let parts = name.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    func job() async throws -> Google_Cloud_Batch_V1_Job {
        let path = name.split(separator: "/").map { String($0).escaped }.joined(separator: "/")
        return try await client.call(.GET, "batch", "/v1/\(path)", returning: Google_Cloud_Batch_V1_Job.self)
    }
}
