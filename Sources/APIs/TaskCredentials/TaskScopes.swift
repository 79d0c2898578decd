import Identity
import Methods
import Workload

/// The scopes that tokens of an attempt may have.
struct TaskScopes: Sendable {
    private let allowed: [String]

    /// Those of the job; on Cloud Run always all of Google Cloud.
    init(_ identity: TaskIdentity) {
        allowed = identity.platform == .serverless ? [Scopes.cloudPlatform] : identity.scopes
    }

    /// The scopes that a token gets that was asked for with others: those of them that the job has. As on Compute
    /// Engine, a token has the job's own when none are left.
    ///
    /// - Returns: separated by blanks.
    /// - Throws: `INVALID_ARGUMENT` for what cannot be scopes.
    func granted(of wanted: [String]) throws -> String {
        let list = wanted.joined(separator: " ")
        guard wanted.isEmpty || Scopes.isWellFormed(list) else {
            throw ServiceError.invalidArgument("These are no OAuth scopes.", field: "scopes")
        }
        let own = allowed.isEmpty ? Scopes.cloudPlatform : allowed.joined(separator: " ")
        guard !wanted.isEmpty else { return own }
        // All of Google Cloud contains each of its parts.
        if allowed.contains(Scopes.cloudPlatform) || allowed.isEmpty { return list }
        let kept = wanted.filter(allowed.contains)
        return kept.isEmpty ? own : kept.joined(separator: " ")
    }
}
