import Access

// What handlers look up, by the names that requests have.

extension DirectoryState {
    /// The project of an id or of a number.
    public func project(_ idOrNumber: String) -> ProjectRecord? {
        access.hierarchy.project(idOrNumber).flatMap { projects[$0.id] }
    }

    /// The organization at the top of a container's lineage; nil when it does not exist.
    public func organization(above container: Resource) -> OrganizationRecord? {
        guard case .organization(let number)? = access.hierarchy.lineage(of: container).last else { return nil }
        return organizations[number]
    }

    /// The policy of a resource; an empty one when none was ever set.
    ///
    /// - Parameter resource: with its project's id.
    public func policy(of resource: Resource) -> Policy { access.policy(of: resource) }

    /// Whether a project has enabled a service.
    public func isEnabled(_ service: String, inProject id: String) -> Bool {
        services[id]?.names.contains(service) ?? false
    }

    /// The service account of an address in lower case, unless it was deleted.
    public func serviceAccount(_ email: String) -> ServiceAccountRecord? {
        access.principals.accounts?[email].flatMap { serviceAccounts[$0.uniqueID] }
    }
}
