import Access
import Directory
import Methods
import Workload

/// What must hold before a valid job is taken on, besides the permission to create jobs. Nothing is stored before.
struct Preconditions: Sendable {
    let directory: any BatchDirectory
    let project: ProjectRecord
    let call: Call

    /// The service account that a job runs as.
    ///
    /// - Parameter email: as the job names it; empty for the project's default.
    /// - Throws: `PERMISSION_DENIED` when the caller may not act as it; `INVALID_ARGUMENT` when there is none, or
    ///   when it belongs to another project.
    func serviceAccount(_ email: String) async throws -> String {
        let email = email.isEmpty ? project.defaultServiceAccount : email.lowercased()
        let isDefault = email == project.defaultServiceAccount
        let owner = isDefault ? project.id : try await directory.projectOfServiceAccount(email)
        // Whether an account exists is told only to those who may use it.
        let looksOwn =
            owner == project.id || (owner == nil && email.hasSuffix("@\(project.id).iam.gserviceaccount.com"))
        if looksOwn {
            let account = Resource.serviceAccount(email: email, project: project.id)
            try await call.require("iam.serviceAccounts.actAs", on: account) { denial in
                .permissionDenied(
                    denial,
                    message: "caller does not have access to act as the specified service account: \"\(email)\"")
            }
        }
        guard owner == project.id else {
            throw ServiceError.invalidArgument(
                looksOwn
                    ? "There is no service account '\(email.excerpt)'."
                    : "'\(email.excerpt)' is not a service account of project '\(project.id)': "
                        + "service accounts of other projects are not supported.",
                field: "job.allocation_policy.service_account.email")
        }
        return email
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
