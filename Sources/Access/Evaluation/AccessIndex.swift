/// Everything that access depends on, arranged so that a decision takes microseconds.
///
/// A value: whoever has one sees one state of all policies. What changes replaces only its own part, so that a change
/// of one policy costs as much as that policy is large, whatever else there is. A decision looks up the caller's
/// identities in the policies of the resource and of what lies above it; what is bound elsewhere costs it nothing.
public struct AccessIndex: Sendable {
    /// Which container lies in which.
    public private(set) var hierarchy: Hierarchy
    /// Which principals exist.
    public private(set) var principals: PrincipalDirectory
    /// The roles, predefined and custom.
    public private(set) var catalog: RoleCatalog

    private(set) var roles: RoleNumbers
    private(set) var policies: [Resource: CompiledPolicy] = [:]
    private(set) var denials: [Resource: CompiledDenial] = [:]
    /// What has a policy with audit configs.
    private var audited: Set<Resource> = []
    private(set) var constraints: [Resource: [String: OrganizationPolicy]] = [:]
    /// The groups that each person, service account and group is in, directly or not.
    private var memberships: [Identity: IdentityList] = [:]
    /// The sorts of sets that are named in the policies of each resource; not those that name none.
    private var namedSets: [Resource: MemberKinds] = [:]
    /// The sorts of sets that are named anywhere: of others nobody's are looked up.
    private var setsInUse: MemberKinds = []
    /// What means all people of a domain, for each that a policy or an organization has.
    private var domainSets: [String: [Identity]] = [:]

    /// An index of a hierarchy in which nothing is granted.
    ///
    /// - Parameter principals: without accounts, callers and resources that are service accounts count as existing.
    public init(
        catalog: RoleCatalog, hierarchy: Hierarchy = Hierarchy(), principals: PrincipalDirectory = PrincipalDirectory()
    ) {
        self.catalog = catalog
        self.hierarchy = hierarchy
        self.principals = principals
        roles = RoleNumbers(catalog.names.compactMap { catalog[$0] })
        for member in principals.groups.allMembers { refreshMemberships(of: member) }
        refreshDomains()
    }
}

// MARK: Changes

extension AccessIndex {
    /// Changes organizations, folders and projects.
    public mutating func changeHierarchy<Failure>(
        _ change: (inout Hierarchy) throws(Failure) -> Void
    ) throws(Failure) {
        defer { refreshDomains() }
        try change(&hierarchy)
    }

    /// Removes a container that nothing lies in, with all that is bound to it or lies in it: another of the same id
    /// inherits nothing.
    public mutating func remove(_ container: Resource) throws(HierarchyError) {
        try changeHierarchy { hierarchy throws(HierarchyError) in try hierarchy.remove(container) }
        let isProject = container.project != nil
        for resource in Set(policies.keys).union(denials.keys).union(constraints.keys)
        where resource == container || isProject && resource.project == container.project {
            setPolicy(nil, of: resource)
            setDenyPolicies([], on: resource)
            constraints[resource] = nil
        }
        for name in catalog.names.compactMap(CustomRole.Name.init) where name.parent == container.roleParent {
            removeRole(name)
        }
        for account in (principals.accounts ?? [:]).values where isProject && account.project == container.project {
            removeAccount(account)
        }
    }

    /// The policy of a resource; an empty one when none was set.
    public func policy(of resource: Resource) -> Policy { policies[resource]?.policy ?? Policy() }

    /// Binds a policy to a resource, in the place of the one that was there; nil removes it.
    ///
    /// - Parameter resource: with its project's id.
    public mutating func setPolicy(_ policy: Policy?, of resource: Resource) {
        policies[resource] = policy.map { CompiledPolicy($0, roles: &roles, previous: policies[resource]) }
        for domain in policies[resource]?.domains ?? [] where domainSets[domain] == nil { refreshDomain(domain) }
        noteSets(on: resource)
        if policy?.auditConfigs.isEmpty == false { audited.insert(resource) } else { audited.remove(resource) }
    }

    /// Whether any policy asks for the logging of calls that are no changes.
    public var logsMoreThanChanges: Bool { !audited.isEmpty }

    /// The deny policies that are attached to a resource.
    public func denyPolicies(on resource: Resource) -> [DenyPolicy] { denials[resource]?.policies ?? [] }

    /// Attaches deny policies to an organization, folder or project, in the place of those that were there.
    public mutating func setDenyPolicies(_ policies: [DenyPolicy], on resource: Resource) {
        denials[resource] = policies.isEmpty ? nil : CompiledDenial(policies, on: resource)
        noteSets(on: resource)
    }

    /// What is set for a constraint on a resource; nil when nothing is.
    public func organizationPolicy(for constraint: Constraint, on resource: Resource) -> OrganizationPolicy? {
        constraints[resource]?[constraint.name]
    }

    /// Sets what holds for a constraint on a resource; nil removes it.
    public mutating func setOrganizationPolicy(
        _ policy: OrganizationPolicy?, for constraint: Constraint, on resource: Resource
    ) {
        constraints[resource, default: [:]][constraint.name] = policy
        if constraints[resource]?.isEmpty == true { constraints[resource] = nil }
    }

    /// Adds a custom role or changes it: for all bindings of it at once.
    public mutating func setRole(_ role: CustomRole) {
        catalog.put(role)
        roles.define(role.role)
    }

    /// Removes a custom role that is gone for good; bindings of it grant nothing.
    public mutating func removeRole(_ name: CustomRole.Name) {
        catalog.remove(name)
        roles.undefine(name.text)
    }

    /// Adds a service account or changes it.
    public mutating func setAccount(_ account: ServiceAccount) {
        principals.accounts = principals.accounts ?? [:]
        principals.accounts?[account.email] = account
    }

    /// Removes a deleted service account with its policy, and from all groups. The policies that grant it something
    /// are the caller's to change, one by one (`Policy.burying`).
    public mutating func removeAccount(_ account: ServiceAccount) {
        principals.accounts?[account.email] = nil
        setPolicy(nil, of: account.resource)
        principals.groups.removeEverywhere(.serviceAccount(account.email))
        refreshMemberships(of: .serviceAccount(account.email))
    }

    /// Adds a pool of identities, or removes it.
    public mutating func setPool(_ pool: Pool, exists: Bool) {
        if exists { principals.pools.insert(pool) } else { principals.pools.remove(pool) }
    }

    /// Makes a group of these members, or replaces those of an existing one.
    public mutating func setGroup(_ address: String, members: Set<Member>) throws(GroupError) {
        let before = everyone(in: address)
        try principals.groups.set(members, of: address)
        for member in before.union(everyone(in: address)) { refreshMemberships(of: member) }
    }

    /// Removes a group. The policies that grant it something are the caller's to change.
    public mutating func removeGroup(_ address: String) {
        let before = everyone(in: address)
        principals.groups.remove(address)
        for member in before { refreshMemberships(of: member) }
    }

    /// A group and all who are in it, directly or not.
    private func everyone(in address: String) -> Set<Member> {
        var found: Set<Member> = [.group(address)]
        var next = [address]
        while let group = next.popLast() {
            for member in principals.groups.members(of: group) ?? [] where found.insert(member).inserted {
                if case .group(let address) = member { next.append(address) }
            }
        }
        return found
    }

    private mutating func refreshMemberships(of member: Member) {
        let groups = principals.groups.memberships(of: member)
        memberships[Identity(member)] = groups.isEmpty ? nil : IdentityList(groups.map { Identity(.group($0)) })
    }

    private mutating func noteSets(on resource: Resource) {
        let kinds = (policies[resource]?.kinds ?? []).union(denials[resource]?.allKinds ?? []).intersection(.sets)
        guard kinds != namedSets[resource] ?? [] else { return }
        namedSets[resource] = kinds.isEmpty ? nil : kinds
        setsInUse = namedSets.values.reduce([]) { $0.union($1) }
    }

    private mutating func refreshDomains() {
        for domain in Set(domainSets.keys).union(hierarchy.organizations { _ in true }.map(\.domain)) {
            refreshDomain(domain)
        }
    }

    private mutating func refreshDomain(_ domain: String) {
        let customers = hierarchy.organizations { $0.domain == domain }.map { Member.customer($0.customer) }
        domainSets[domain] = ([.domain(domain)] + customers).map(Identity.init)
    }
}

// MARK: Reading

extension AccessIndex {
    /// Everything by which a binding can mean a principal.
    func identities(of principal: Principal) -> Identities {
        let own = Identity(principal.ownMember)
        let sets = setsInUse.isEmpty ? [] : sets(of: principal)
        switch principal {
        case .user, .serviceAccount:
            return Identities(own: own, groups: memberships[own] ?? .empty, sets: sets, isAuthenticated: true)
        case .federated, .unauthenticated:
            return Identities(own: own, groups: .empty, sets: sets, isAuthenticated: false)
        }
    }

    private func sets(of principal: Principal) -> [Identity] {
        switch principal {
        case .user(let email) where setsInUse.contains(.domains):
            return domainSets[EmailAddress.domain(of: email)] ?? []
        case .serviceAccount(let email, _) where setsInUse.contains(.accounts):
            guard let account = principals.accounts?[email] else { return [] }
            let kind: Member.Accounts = account.isServiceAgent ? .serviceAgent : .serviceAccount
            return hierarchy.lineage(of: .project(account.project)).map { container in
                Identity(.accounts(kind, in: hierarchy.numberedPath(of: container)))
            }
        case .federated(let identity) where setsInUse.contains(.pools):
            return identity.sets.map(Identity.init)
        case .user, .serviceAccount, .federated, .unauthenticated: return []
        }
    }
}
