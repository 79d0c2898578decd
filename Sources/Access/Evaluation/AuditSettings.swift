// Which calls are to be logged besides changes.

extension AccessIndex {
    /// Whether a call is to be logged: whether a policy of the resource's project or of anything above it asks for it.
    ///
    /// Each policy counts for itself: what a folder wants to see, an exemption in a project below does not hide.
    public func logs(
        _ type: AuditConfig.LogType, of service: String, by principal: Principal, on resource: Resource
    ) -> Bool {
        guard logsMoreThanChanges, let place = locate(resource) else { return false }
        return place.lineage.contains { container in
            guard let policy = policies[container]?.policy, !policy.auditConfigs.isEmpty,
                let exempted = policy.exemptions(from: type, of: service)
            else { return false }
            return exempted.isEmpty || exempted.isDisjoint(with: members(meaning: principal))
        }
    }

    /// Whether there is such an organization, folder or project.
    public func exists(_ container: Resource) -> Bool { !hierarchy.lineage(of: container).isEmpty }

    /// Every way in which an exemption can name a principal.
    private func members(meaning principal: Principal) -> [String] {
        let own = principal.ownMember
        let groups = principals.groups.memberships(of: own).map(Member.group)
        let sets: [Member]
        switch principal {
        case .user(let email): sets = [.domain(EmailAddress.domain(of: email))]
        case .federated(let identity): sets = identity.sets
        case .serviceAccount, .unauthenticated: sets = []
        }
        return ([own] + groups + sets).map(\.text)
    }
}
