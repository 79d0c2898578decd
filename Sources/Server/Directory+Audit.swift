import Access
import Audit
import Directory

extension Directory: AuditDirectory {
    /// Whether there is such an organization, folder or project.
    public func exists(_ container: Resource) -> Bool { state.access.exists(container) }
}
