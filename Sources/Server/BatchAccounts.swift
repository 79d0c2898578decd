import Access
import Batch
import Directory
import Identity
import Workload

/// Tells the Batch API about projects and the accounts of those who submit and run jobs.
struct BatchAccounts: BatchDirectory {
    let directory: Directory
    let osLogin: OSLogin

    func project(_ idOrNumber: String) -> ProjectRecord? { directory.state.project(idOrNumber) }

    func serviceAccount(_ email: String) -> ServiceAccountRecord? { directory.state.userAccount(email) }

    func organization(of project: ProjectRecord) -> OrganizationRecord? {
        directory.state.organization(above: project.resource)
    }

    func isMember(_ principal: Principal, of organization: OrganizationRecord) -> Bool {
        directory.state.isMember(principal, of: organization)
    }

    func posixAccount(of principal: Principal, in project: ProjectRecord) async throws -> PosixAccount {
        try await osLogin.account(of: osLogin.user(principal), in: project)
    }
}
