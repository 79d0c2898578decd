import Access
import Batch
import Directory
import Identity
import Methods
import Workload

/// Tells the Batch API about projects and the accounts of those who submit and run jobs.
struct BatchAccounts: BatchDirectory {
    let directory: Directory
    let accounts: OSLoginAccounts

    func project(_ idOrNumber: String) -> ProjectRecord? { directory.state.project(idOrNumber) }

    func projectOfServiceAccount(_ email: String) -> String? { directory.state.serviceAccount(email)?.project }

    func organization(of project: ProjectRecord) -> OrganizationRecord? {
        directory.state.organization(above: project.resource)
    }

    func isMember(_ principal: Principal, of organization: OrganizationRecord) -> Bool {
        Accounts.isInternal(principal, domain: organization.domain)
    }

    func posixAccount(of principal: Principal, in project: ProjectRecord) async throws -> PosixAccount {
        let domain = organization(of: project)?.domain ?? ""
        do {
            return try await accounts.account(of: principal, domain: domain)
        } catch OSLoginError.noFreeName(let email) {
            throw ServiceError.failedPrecondition(
                "\(email) has no OS Login account: every POSIX user name made of the address is taken.")
        }
    }
}
