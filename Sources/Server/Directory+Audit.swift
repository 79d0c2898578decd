import Access
import Audit
import Directory

extension Directory: AuditDirectory {
    /// Whether there is such an organization, folder or project.
    public func exists(_ container: Resource) -> Bool { state.access.exists(container) }

    /// The number of the organization that a workforce pool belongs to.
    public func organization(ofWorkforcePool id: String) -> String? {
        state.identityPools[Pool.workforce(id).path]?.organization
    }
}
