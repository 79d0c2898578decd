import Access
import Batch
import Identity
import Methods
import Store
import Workload

/// Tells the Batch API about projects and the accounts of those who submit and run jobs.
struct BatchAccounts: BatchDirectory {
    let directory: any DirectoryStore
    let accounts: OSLoginAccounts

    func project(_ idOrNumber: String) async throws -> ProjectRecord? {
        try await directory.project(idOrNumber)
    }

    func projectOfServiceAccount(_ email: String) async throws -> String? {
        guard case .serviceAccount(_, let project)? = try await directory.serviceAccount(email) else { return nil }
        return project
    }

    func organization(of project: ProjectRecord) async throws -> OrganizationRecord? {
        guard case .organization(let number) = project.parent else { return nil }
        return try await directory.organization(number: number)
    }

    func isMember(_ principal: Principal, of organization: OrganizationRecord) async throws -> Bool {
        Accounts.isInternal(principal, domain: organization.domain)
    }

    func posixAccount(of principal: Principal, in project: ProjectRecord) async throws -> PosixAccount {
        let domain = try await organization(of: project)?.domain ?? ""
        do {
            return try await accounts.account(of: principal, domain: domain)
        } catch OSLoginError.noFreeName(let email) {
            throw ServiceError.failedPrecondition(
                "\(email) has no OS Login account: every POSIX user name made of the address is taken.")
        }
    }
}
