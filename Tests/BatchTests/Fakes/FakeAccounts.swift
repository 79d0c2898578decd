import Access
import Batch
import Directory
import Workload

/// The accounts of a real directory, in whose organization everybody is. Nobody has an account on machines.
struct FakeAccounts: BatchDirectory {
    let directory: Directory

    func project(_ idOrNumber: String) -> ProjectRecord? { directory.state.project(idOrNumber) }

    func serviceAccount(_ email: String) -> ServiceAccountRecord? { directory.state.userAccount(email) }

    func organization(of project: ProjectRecord) -> OrganizationRecord? {
        directory.state.organization(above: project.resource)
    }

    func isMember(_ principal: Principal, of organization: OrganizationRecord) -> Bool { true }

    func posixAccount(of principal: Principal, in project: ProjectRecord) async throws -> PosixAccount {
        throw NobodyThere()
    }

    private struct NobodyThere: Error {}
}
