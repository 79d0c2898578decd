import Conditions

// Decisions, in the order of IAM: the caller's account, deny policies, allow policies; then what no policy can grant.

extension AccessIndex {
    /// Decides whether a principal may do something to a resource.
    ///
    /// A rule of a deny policy on the resource's project or above refuses whatever is granted. Else one binding on the
    /// resource or on anything above it allows whose role contains the permission, whose members mean the principal and
    /// whose condition is true. What does not exist is refused in the same way as what is merely forbidden.
    ///
    /// A refusal says its cause and no more; `explain` finds out what would help.
    public func decide(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Decision {
        func refused(_ cause: Denial.Cause) -> Decision {
            .denied(Denial(principal: principal, permission: permission, resource: resource, cause: cause))
        }
        if let cause = objection(to: principal) { return refused(cause) }
        guard let place = locate(resource), let id = PermissionTable.known.id(of: permission) else {
            return refused(.notGranted)
        }
        let identities = identities(of: principal)
        if let rule = rule(denying: identities, id, at: place, in: context) {
            return refused(.denied(by: rule))
        }
        guard let grant = grant(to: identities, oneOf: roles.holders(of: id), at: place, in: context) else {
            return refused(.notGranted)
        }
        if let cause = objection(to: permission, at: place, in: context) { return refused(cause) }
        return .allowed(grant)
    }

    /// A resource that exists, and the containers whose policies count for it.
    struct Place {
        let resource: Resource
        /// What it lies in below its project that has a policy of its own.
        let own: Resource?
        /// Its project, or what it is itself, and everything above.
        let lineage: [Resource]

        /// All whose policies count, from the resource upwards.
        var holders: [Resource] { (own.map { [$0] } ?? []) + lineage }
    }

    /// Nil when the resource's project, or the service account itself, does not exist.
    func locate(_ named: Resource) -> Place? {
        guard var resource = hierarchy.canonical(named) else { return locateAccount(named) }
        if case .serviceAccount(let email, let project) = resource, let accounts = principals.accounts {
            // The account belongs to the project that the directory says, whichever the caller says: else the owner of
            // one project could act as the accounts of another.
            guard let account = accounts[email], account.project == project else { return nil }
            resource = account.resource
        }
        let lineage = hierarchy.lineage(of: resource.project.map(Resource.project) ?? resource)
        return Place(resource: resource, own: resource.ownHolder, lineage: lineage)
    }

    /// A service account that is named without its project: `projects/-/serviceAccounts/…`.
    private func locateAccount(_ named: Resource) -> Place? {
        guard case .serviceAccount(let email, "-") = named, let account = principals.accounts?[email] else {
            return nil
        }
        let lineage = hierarchy.lineage(of: .project(account.project))
        return lineage.isEmpty ? nil : Place(resource: account.resource, own: account.resource, lineage: lineage)
    }

    /// Why a principal may do nothing at all.
    func objection(to principal: Principal) -> Denial.Cause? {
        guard case .serviceAccount(let email, let uniqueID) = principal, let accounts = principals.accounts else {
            return nil
        }
        guard let account = accounts[email], uniqueID == nil || uniqueID == account.uniqueID,
            hierarchy.project(account.project)?.isActive == true
        else { return .accountGone }
        return account.isDisabled ? .accountDisabled : nil
    }

    /// The deny rule that applies, the nearest to the resource first.
    private func rule(
        denying identities: Identities, _ permission: PermissionID, at place: Place, in context: RequestContext
    ) -> DenyRuleReference? {
        guard !denials.isEmpty else { return nil }
        let attributes = context.attributes(of: place.resource, in: hierarchy)
        for container in place.lineage {
            guard let denial = denials[container] else { continue }
            let rule = denial.rule(denying: identities, permission) { $0.evaluate(for: attributes).denies }
            if let rule { return rule }
        }
        return nil
    }

    private func grant(
        to identities: Identities, oneOf holders: RoleSet, at place: Place, in context: RequestContext
    ) -> Grant? {
        func first(_ find: (CompiledPolicy) -> (member: Member, role: Int)?) -> Grant? {
            if let own = place.own, let policy = policies[own], let found = find(policy) {
                return Grant(role: roles.names[found.role], member: found.member, boundOn: own)
            }
            for container in place.lineage {
                guard let policy = policies[container], let found = find(policy) else { continue }
                return Grant(role: roles.names[found.role], member: found.member, boundOn: container)
            }
            return nil
        }
        // Conditions cost more than all the rest.
        var mayDepend = false
        if let grant = first({ $0.grant(to: identities, oneOf: holders, mayDepend: &mayDepend) }) { return grant }
        guard mayDepend else { return nil }
        let attributes = context.attributes(of: place.resource, in: hierarchy)
        return first { $0.grant(to: identities, oneOf: holders) { $0.evaluate(for: attributes).grants } }
    }

    /// What forbids a permission that is granted.
    func objection(to permission: Permission, at place: Place, in context: RequestContext) -> Denial.Cause? {
        // A project that is marked for deletion stops working with all that lies in it: it can only be looked at and
        // taken up again.
        if let id = place.resource.project, let project = hierarchy.project(id), !project.isActive,
            !permission.name.hasPrefix("resourcemanager.projects.")
        {
            return .projectDeleted(number: project.number)
        }
        return constraint(on: permission, at: place, in: context)
    }

    /// The constraint that forbids a permission, granted or not.
    func constraint(on permission: Permission, at place: Place, in context: RequestContext) -> Denial.Cause? {
        guard permission == "iam.serviceAccounts.actAs", let user = context.attachingIn,
            let project = place.resource.project, hierarchy.project(user)?.id != project,
            isEnforced(.disableCrossProjectServiceAccountUsage, on: .project(project))
        else { return nil }
        return .constraint(name: Constraint.disableCrossProjectServiceAccountUsage.name, project: project)
    }
}
