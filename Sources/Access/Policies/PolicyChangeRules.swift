import FoundationEssentials

// What decides whether a policy may take the place of another, beyond what it says itself.

extension Policy {
    /// Checks the version that comes with a policy that is to replace this one.
    ///
    /// A client that does not know conditions cannot write any. Nor can it, by writing back what it has read, take those
    /// away that it was not shown; without an etag it says that it means to.
    ///
    /// - Parameters:
    ///   - policy: what is to be written, with the etag that the client read, empty for none.
    ///   - version: what the client says.
    /// - Throws: `PolicyError`
    public func checkVersion(_ version: Int, of policy: Policy) throws(PolicyError) {
        guard [0, 1, 3].contains(version) else {
            throw PolicyError(message: "Policy version \(version) is not valid: 0, 1 or 3.", field: "policy.version")
        }
        guard version < 3 else { return }
        if let index = policy.bindings.firstIndex(where: { $0.condition != nil }) {
            throw PolicyError(
                message: "A policy with conditions must have version 3.", field: "policy.bindings[\(index)].condition")
        }
        guard policy.etag.isEmpty || self.version < 3 else {
            throw PolicyError(
                message: "The policy has conditions, which version \(version) does not show: read it with version 3 "
                    + "and write it as version 3.",
                field: "policy.version")
        }
    }
}

extension AccessIndex {
    /// Checks a policy that is to be bound to a resource, in the light of everything else, and writes it as it is kept.
    ///
    /// - Parameters:
    ///   - policy: what is to be bound; its audit configurations too.
    ///   - version: the version that the client says it has.
    ///   - resource: with its project's id.
    /// - Throws: `PolicyError` that names the first thing wrong.
    public func canonical(_ policy: Policy, version: Int, for resource: Resource) throws(PolicyError) -> Policy {
        let current = self.policy(of: resource)
        try current.checkVersion(version, of: policy)
        let site = PolicySite(resource, holders: hierarchy.holders(for: resource), current: current)
        let result = try PolicyRules(roles: catalog, principals: principals).canonical(policy, at: site)
        try checkDomains(result, at: site)
        return result
    }

    /// Obeys `iam.allowedPolicyMemberDomains`. Members that were there before may stay.
    private func checkDomains(_ policy: Policy, at site: PolicySite) throws(PolicyError) {
        let container = site.resource.project.map(Resource.project) ?? site.resource
        guard case .values(let values) = effective(.allowedPolicyMemberDomains, on: container),
            values.allowed != nil || !values.denied.isEmpty
        else { return }
        for (index, binding) in policy.bindings.enumerated() {
            for case let member? in binding.members.lazy.map({ Member($0) })
            where !site.names(member) && !isPermitted(member, by: values) {
                throw PolicyError(
                    message: "One or more users named in the policy do not belong to a permitted customer. "
                        + "\(member.text) is kept out by constraints/\(Constraint.allowedPolicyMemberDomains.name).",
                    field: "policy.bindings[\(index)].members", code: .precondition)
            }
        }
    }

    private func isPermitted(_ member: Member, by values: EffectiveConstraint.AllowedValues) -> Bool {
        let organizations: [Organization]
        switch member {
        case .deleted: return true
        case .allUsers, .allAuthenticatedUsers: return false
        case .customer(let customer): organizations = hierarchy.organizations { $0.customer == customer }
        case .domain(let domain): organizations = hierarchy.organizations { $0.domain == domain }
        case .user(let email), .group(let email):
            let domain = EmailAddress.domain(of: email)
            organizations = hierarchy.organizations { $0.domain == domain }
        case .serviceAccount(let email):
            guard let account = principals.accounts?[email], !account.isServiceAgent else { return true }
            organizations = hierarchy.organization(above: .project(account.project))
        case .accounts(_, let container):
            let resource = Resource(service: "cloudresourcemanager.googleapis.com", path: container)
            organizations = hierarchy.organization(above: resource.flatMap(hierarchy.canonical))
        case .subject(_, let pool), .identities(_, let pool):
            // The people of a pool belong to whoever made the pool here.
            guard case .workload(_, let project) = pool else { return true }
            organizations = hierarchy.organization(above: hierarchy.canonical(.project(project)))
        }
        return organizations.contains { organization in
            values.contains(organization.customer)
                || values.allowed?.contains("principalSet://iam.googleapis.com/organizations/\(organization.number)")
                    == true
        }
    }
}
