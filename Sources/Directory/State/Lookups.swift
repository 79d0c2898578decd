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

    /// Whether a container is a folder that is marked for deletion: nothing new may lie in it.
    public func isDeleted(_ container: Resource) -> Bool {
        guard case .folder(let number) = container else { return false }
        return folders[number]?.isActive == false
    }

    /// What a request means by a name, as `located` finds it. What does not exist stays as it is: it has no policy, and
    /// nobody has access to it.
    public func known(_ named: Resource) -> Resource { located(named) ?? named }

    /// The policy of a resource; an empty one when none was ever set.
    ///
    /// - Parameter resource: with its project's id.
    public func policy(of resource: Resource) -> Policy { access.policy(of: resource) }

    /// Whether a project has enabled a service.
    public func isEnabled(_ service: String, inProject id: String) -> Bool {
        services[id]?.names.contains(service) ?? false
    }

    /// What a request means by a name: with the id of the project where it says the number, and a service account with
    /// its own project and address, whichever project the request says and whether the address or the unique id.
    ///
    /// An account, a pool, a repository or a secret that does not exist, or an account that is a service's own, is a
    /// nameless thing of the project that was said: access to it is decided by the project's policy, so that those who
    /// may know can be told that there is none.
    ///
    /// - Returns: nil when its project does not exist.
    public func located(_ named: Resource) -> Resource? {
        if case .workloadIdentityPool = named {
            guard let canonical = access.hierarchy.canonical(named) else { return nil }
            return identityPool(of: canonical) == nil ? absent(canonical) : canonical
        }
        guard case .serviceAccount(let name, let project) = named else {
            guard let canonical = access.hierarchy.canonical(named) else { return nil }
            return isMissing(canonical) ? absent(canonical) : canonical
        }
        if let account = userAccount(name) { return account.resource }
        // A deleted one is known by its unique id, to those who may undelete it.
        if let deleted = serviceAccounts[name], deleted.origin != .serviceAgent {
            return absent(named.inProject(deleted.project))
        }
        return self.project(project).map { absent(named.inProject($0.id)) }
    }

    /// The account of a unique id or of an address in lower case, unless it was deleted or is a service's own.
    public func userAccount(_ uniqueIDOrEmail: String) -> ServiceAccountRecord? {
        let byID = serviceAccounts[uniqueIDOrEmail].flatMap { $0.deletedAt == nil ? $0 : nil }
        return (byID ?? serviceAccount(uniqueIDOrEmail)).flatMap { $0.origin == .serviceAgent ? nil : $0 }
    }

    private func isMissing(_ canonical: Resource) -> Bool {
        switch canonical {
        case .repository: repositories[canonical.fullName] == nil
        case .secret: secrets[canonical.fullName] == nil
        default: false
        }
    }

    private func absent(_ resource: Resource) -> Resource {
        .other(service: resource.service, path: resource.path, project: resource.project ?? "")
    }

    /// The service account of an address in lower case, unless it was deleted.
    public func serviceAccount(_ email: String) -> ServiceAccountRecord? {
        access.principals.accounts?[email].flatMap { serviceAccounts[$0.uniqueID] }
    }
}
