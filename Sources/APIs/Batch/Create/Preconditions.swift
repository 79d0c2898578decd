import Access
import Directory
import Methods
import Requests
import Workload

/// What must hold before a valid job is taken on, besides the permission to create jobs. Nothing is stored before.
struct Preconditions: Sendable {
    let directory: any BatchDirectory
    let project: ProjectRecord
    let call: Call

    /// The service account that a job runs as, of its own project or of another one.
    ///
    /// - Parameter email: as the job names it; empty for the project's default.
    /// - Throws: `PERMISSION_DENIED` when the caller may not act as it, or when its project keeps its accounts to itself;
    ///   `INVALID_ARGUMENT` when there is none; `FAILED_PRECONDITION` when it is disabled.
    func serviceAccount(_ email: String) async throws -> ServiceAccountRecord {
        let email = email.isEmpty ? project.defaultServiceAccount : email.lowercased()
        try await call.requireActAs(email, in: project) { denial in
            .permissionDenied(
                denial, message: "caller does not have access to act as the specified service account: \"\(email)\"")
        }
        // Whether an account exists is told only to those who may use it.
        guard let account = try await directory.serviceAccount(email) else {
            throw ServiceError.invalidArgument(
                "There is no service account '\(email)'.", field: "job.allocation_policy.service_account.email")
        }
        guard !account.isDisabled else {
            throw ServiceError(.failedPrecondition, "The service account '\(email)' is disabled.")
        }
        return account
    }

    /// Whom the tasks run as: root of their own sandbox, or the submitter's OS Login account.
    ///
    /// - Throws: `PERMISSION_DENIED` that names what the submitter lacks to log in to machines of the project.
    func user(runAsNonRoot: Bool) async throws -> TaskUser {
        guard runAsNonRoot else { return .root }
        try await call.gatekeeper.requireEnabled(service: "oslogin.googleapis.com", project: project.id)
        try await call.require("compute.instances.osLogin", on: .project(project.id))
        let principal = try call.principal()
        if let organization = try await directory.organization(of: project),
            try await !directory.isMember(principal, of: organization)
        {
            try await call.require("compute.oslogin.updateExternalUser", on: .organization(organization.number))
        }
        return .account(try await directory.posixAccount(of: principal, in: project))
    }
}
