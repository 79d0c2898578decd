/// A policy and what it is bound to.
public struct BoundPolicy: Hashable, Sendable {
    /// What the policy is bound to.
    public var resource: Resource
    /// The policy.
    public var policy: Policy

    /// Puts the two together.
    public init(_ resource: Resource, _ policy: Policy) {
        self.resource = resource
        self.policy = policy
    }
}

extension RoleCatalog {
    /// Decides whether `principal` holds `permission` on `resource`.
    ///
    /// Access is the union of all grants: one binding, on the resource or on anything above it, whose role contains
    /// the permission and whose members include the principal, is enough. A binding of a role that the catalog does
    /// not have grants nothing, nor does one with a condition: `AccessIndex` evaluates those.
    ///
    /// - Parameter policies: those of the resource and of everything above it, from the resource upwards.
    public func decide(
        _ principal: Principal, _ permission: Permission, on resource: Resource, policies: [BoundPolicy]
    ) -> Decision {
        let identities = principal.plainMembers
        for bound in policies {
            for binding in bound.policy.bindings {
                guard binding.condition == nil, self[binding.role]?.permissions.contains(permission) == true,
                    let member = identities.first(where: { binding.members.contains($0.text) })
                else { continue }
                return .allowed(Grant(role: binding.role, member: member, boundOn: bound.resource))
            }
        }
        let remedies = remedies(for: permission, on: resource, above: policies.map(\.resource))
        return .denied(
            Denial(principal: principal, permission: permission, resource: resource, remedies: remedies))
    }

    /// For each role with the permission, the nearest place where it can be granted.
    private func remedies(
        for permission: Permission, on resource: Resource, above ancestors: [Resource]
    ) -> [Remedy] {
        var places = [resource]
        // A hyphen stands for whichever project a service account is in.
        if let project = resource.project, project != "-" { places.append(.project(project)) }
        places += ancestors
        return roles(containing: permission).compactMap { role in
            places.first { role.grantableOn.contains($0.kind) }.map { Remedy(role: role.name, on: $0) }
        }
    }
}

extension Principal {
    /// The members by which a binding can mean this principal, the most specific first, as far as they follow from the
    /// principal alone: no groups, no sets of service accounts.
    fileprivate var plainMembers: [Member] {
        switch self {
        case .user(let email):
            [ownMember, .domain(EmailAddress.domain(of: email)), .allAuthenticatedUsers, .allUsers]
        case .serviceAccount: [ownMember, .allAuthenticatedUsers, .allUsers]
        case .federated(let identity): [ownMember] + identity.sets + [.allUsers]
        case .unauthenticated: [.allUsers]
        }
    }
}
