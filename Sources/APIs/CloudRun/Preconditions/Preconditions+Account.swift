import Access
import Directory
import Methods
import Requests

/// The service account that a job's tasks run as.
extension Preconditions {
    /// The account of a definition, of the job's project or of another one.
    ///
    /// - Parameter email: as the definition names it; empty for the project's default.
    /// - Throws: `PERMISSION_DENIED` when the caller may not act as it, when its project keeps its accounts to itself, or
    ///   when Cloud Run may not issue tokens for an account of another project.
    func serviceAccount(_ email: String) async throws -> ServiceAccountRecord {
        let project = try context.project(place.project)
        let email = email.isEmpty ? project.defaultServiceAccount : email.lowercased()
        try await requireActAs(email, in: project)
        // Whether an account exists, or is disabled, is told only to those who may use it, and in the same words.
        guard let account = context.directory.state.userAccount(email), account.email == email, !account.isDisabled
        else {
            throw ServiceError(.permissionDenied, Self.actAsRefusal(email))
        }
        if account.project != place.project { try await requireTokens(of: account) }
        return account
    }

    private static func actAsRefusal(_ email: String) -> String {
        "Permission 'iam.serviceaccounts.actAs' denied on service account \(email) (or it may not exist)."
    }

    /// The caller may attach the account to something of the job's project.
    private func requireActAs(_ email: String, in project: ProjectRecord) async throws {
        try await call.requireActAs(email, in: project) { denial in
            var message = Self.actAsRefusal(email)
            if case .constraint(let name, let project) = denial.cause {
                // Told to those alone whom policies allow it.
                message +=
                    " The constraint constraints/\(name) is enforced on project '\(project)': its service accounts "
                    + "cannot be attached to resources of other projects."
            }
            return .permissionDenied(denial, message: message)
        }
    }

    /// Cloud Run's agent in the job's project must be allowed to issue tokens for an account of another project
    /// (Cloud Run, service identity in another project).
    private func requireTokens(of account: ServiceAccountRecord) async throws {
        let agent = serviceAgent
        let record = context.directory.state.serviceAccount(agent)
        let principal = Principal.serviceAccount(agent, uniqueID: record?.uniqueID)
        if record != nil, try await mayUse(principal, "iam.serviceAccounts.getAccessToken", on: account.resource) {
            return
        }
        throw ServiceError(
            .permissionDenied,
            "Google Cloud Run Service Agent \(agent) must have permission to create tokens for the service account "
                + "\(account.email) of project '\(account.project)': grant it the 'Service Account Token Creator' role "
                + "(roles/iam.serviceAccountTokenCreator) on that service account.")
    }
}
