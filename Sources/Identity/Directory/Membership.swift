import Access
import Directory

extension DirectoryState {
    /// Whether a principal belongs to an organization: the people of its domain, and the service accounts of its
    /// projects.
    public func isMember(_ principal: Principal, of organization: OrganizationRecord) -> Bool {
        switch principal {
        case .user(let email):
            EmailAddress.domain(of: email) == organization.domain
        case .serviceAccount(let email, _):
            serviceAccount(email).flatMap { self.organization(above: .project($0.project)) } == organization
        case .federated, .unauthenticated:
            false
        }
    }
}
