import Access
import FoundationEssentials
import Methods
import Schema
import SecretManager
import Workload

/// The secrets that a job's plan names, read as the job's account.
struct ReadingSecrets: Sendable {
    private static let mostNames = 1000

    let callers: AttemptCallers
    let secrets: any SecretReading

    func read(
        _ request: Landfall_Agent_V1_ReadSecretsRequest, _ call: Call
    ) async throws -> Landfall_Agent_V1_ReadSecretsResponse {
        guard request.names.count <= Self.mostNames else {
            throw ServiceError.invalidArgument("At most \(Self.mostNames) secrets can be named.", field: "names")
        }
        let attempt = try await callers.attempt(request.caller, call)
        let named = Dictionary(attempt.job.plan.secrets.map { ($0.path, $0) }) { first, _ in first }
        let principal = Principal.serviceAccount(attempt.account.email, uniqueID: attempt.account.uniqueID)
        var values: [Data] = []
        for name in request.names {
            guard let reference = named[name] else {
                throw ServiceError(.permissionDenied, "The job does not name the secret \(name.prefix(500)).")
            }
            values.append(try await secrets.value(of: reference, as: principal))
        }
        return .with { $0.values = values }
    }
}
