import Access

// Requests name projects by id or by number; policies know them by id alone.

extension Gatekeeper {
    /// The resource in the project of its id, where nothing else can be named in several ways.
    public func located(_ named: Resource) async throws -> Resource? {
        guard let project = named.project else { return named }
        return try await projectID(project).map(named.inProject)
    }

    /// Makes sure that a principal may do something to a resource, whose project a request names by id or by number:
    /// first that a service is enabled there, then that the principal holds the permission.
    ///
    /// The refusal repeats the resource as the request named it, and is the same for a project that does not exist:
    /// it tells neither whether the project exists nor its id to one who knows its number.
    ///
    /// - Parameters:
    ///   - service: the service that must be enabled, if any.
    ///   - record: keeps the check.
    ///   - denied: the error for a refusal.
    /// - Returns: the resource, with the project's id.
    /// - Throws: `PERMISSION_DENIED`.
    @discardableResult
    public func admit(
        _ principal: Principal, _ permission: Permission, on named: Resource, service: String?,
        in context: RequestContext, record: CallRecord?, orThrow denied: (Denial) -> ServiceError
    ) async throws -> Resource {
        let known = try await located(named)
        if let service, let project = known?.project { try await requireEnabled(service: service, project: project) }
        let resource = known ?? named
        let check = try await check(principal, permission, on: resource, named: named, in: context)
        record?.note(check)
        if let denial = check.refusal { throw denied(denial.naming(named)) }
        return resource
    }
}

extension Denial {
    /// The same denial about a resource as a request named it: by number where the request did.
    func naming(_ named: Resource) -> Denial {
        var denial = self
        denial.resource = named
        let (own, project) = (resource.ownHolder, resource.project.map(Resource.project))
        // A hyphen stands for whichever project an account is in.
        let statedProject = named.project.flatMap { $0 == "-" ? nil : Resource.project($0) }
        denial.remedies = remedies.map { remedy in
            if remedy.on == own { return Remedy(role: remedy.role, on: named.ownHolder ?? named) }
            guard remedy.on == project, let statedProject else { return remedy }
            return Remedy(role: remedy.role, on: statedProject)
        }
        return denial
    }
}
