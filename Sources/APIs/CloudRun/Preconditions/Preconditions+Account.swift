import Access
import Directory
import Methods

/// The service account that a job's tasks run as.
extension Preconditions {
    /// The account of a definition, of the job's project or of another one.
    ///
    /// - Parameter email: as the definition names it; empty for the project's default.
    /// - Throws: `PERMISSION_DENIED` when the caller may not act as it, when its project keeps its accounts to itself, or
    ///   when Cloud Run may not issue tokens for an account of another project.
    func serviceAccount(_ email: String) async throws -> ServiceAccountRecord {
        let state = context.directory.state
        let email = email.isEmpty ? state.project(place.project)?.defaultServiceAccount ?? "" : email.lowercased()
        try await requireActAs(email)
        // Whether an account exists, or is disabled, is told only to those who may use it, and in the same words.
        guard let account = state.userAccount(email), account.email == email, !account.isDisabled else {
            throw ServiceError(.permissionDenied, Self.actAsRefusal(email))
        }
        if account.project != place.project { try await requireTokens(of: account) }
        return account
    }

    private static func actAsRefusal(_ email: String) -> String {
        "Permission 'iam.serviceaccounts.actAs' denied on service account \(email) (or it may not exist)."
    }

    /// Checks on the account itself that the caller may attach it to something of the job's project.
    ///
    /// A request names no project of an account. A hyphen stands for that of one which is not this project's by its
    /// address, so that a refusal says the same of an account that does not exist.
    private func requireActAs(_ email: String) async throws {
        let isOwn =
            email == context.directory.state.project(place.project)?.defaultServiceAccount
            || email.hasSuffix("@\(place.project).iam.gserviceaccount.com")
        try await call.admit(
            "iam.serviceAccounts.actAs", on: .serviceAccount(email: email, project: isOwn ? place.project : "-"),
            service: nil, in: RequestContext(time: call.time, attachingIn: place.project)
        ) { denial in
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
