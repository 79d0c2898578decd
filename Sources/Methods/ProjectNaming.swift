import Access

// Requests name projects by id or by number; policies know them by id alone.

extension Gatekeeper {
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
        in context: RequestContext, record: CallRecord? = nil, orThrow denied: (Denial) -> ServiceError
    ) async throws -> Resource {
        var resource = named
        if let project = named.project, let id = try await projectID(project) {
            resource = named.inProject(id)
            if let service { try await requireEnabled(service: service, project: id) }
        }
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
        guard let id = resource.project, let stated = named.project, id != stated else { return denial }
        denial.remedies = remedies.map { $0.on == .project(id) ? Remedy(role: $0.role, on: .project(stated)) : $0 }
        return denial
    }
}
