import Access

extension DirectoryStore {
    /// Decides whether a principal holds a permission on a resource, by its policy and those of all above it.
    ///
    /// Nobody holds anything on a project or service account that does not exist, and the refusal does not tell it
    /// from one that is merely forbidden. A project that is marked for deletion stops working, with all that lies in
    /// it: only the project itself can still be looked at and taken up again, by those who may.
    public func decide(
        _ principal: Principal, _ permission: Permission, on resource: Resource, roles: RoleCatalog
    ) async throws -> Decision {
        guard let resource = try await existing(resource) else {
            return roles.decide(principal, permission, on: resource, policies: [])
        }
        var policies: [BoundPolicy] = []
        for place in try await lineage(of: resource) {
            policies.append(BoundPolicy(place, try await policy(of: place)))
        }
        let decision = roles.decide(principal, permission, on: resource, policies: policies)
        guard decision.isAllowed, !permission.isAboutProjects, let id = resource.project,
            let project = try await project(id), !project.isActive
        else { return decision }
        return .denied(
            Denial(
                principal: principal, permission: permission, resource: resource,
                cause: .projectDeleted(number: project.number)))
    }

    /// What a policy can be bound to, from the resource upwards.
    private func lineage(of resource: Resource) async throws -> [Resource] {
        var places: [Resource] = []
        if let own = resource.ownHolder {
            places.append(own)
        } else if resource.kind != .other {
            places.append(resource)
        }
        guard let id = resource.project, let project = try await project(id) else { return places }
        if resource != .project(id) { places.append(.project(id)) }
        return places + [project.parent]
    }

    /// The resource with its project's id; nil when its project, or the service account itself, does not exist.
    ///
    /// A service account belongs to the project that the directory says, whichever the caller says: else the
    /// owner of one project could act as the accounts of another.
    private func existing(_ resource: Resource) async throws -> Resource? {
        switch resource {
        case .organization(let number):
            return try await organization(number: number) == nil ? nil : resource
        case .folder:
            return nil
        case .project(let idOrNumber):
            return try await project(idOrNumber).map { .project($0.id) }
        case .serviceAccount(let email, let stated):
            guard let account = try await serviceAccount(email) else { return nil }
            if stated == "-" { return account }
            return try await project(stated)?.id == account.project ? account : nil
        case .job, .repository, .secret, .other:
            guard let stated = resource.project else { return nil }
            return try await project(stated).map { resource.inProject($0.id) }
        }
    }
}

extension Permission {
    /// Whether it is about a project itself, rather than about what lies in it.
    fileprivate var isAboutProjects: Bool { name.hasPrefix("resourcemanager.projects.") }
}
