import Access
import FoundationEssentials

extension DirectoryState {
    /// The custom roles of a project or organization, deleted ones too.
    public func customRoles(of parent: CustomRole.Parent) -> [CustomRole] {
        roles.all.filter { $0.name.parent == parent }
    }
}

extension DirectoryDraft {
    /// Forgets the custom roles of a project or organization that are gone for good, and takes them out of every
    /// policy: a later role of the same name is granted to nobody.
    public mutating func forgetRoles(of parent: CustomRole.Parent, at now: Date) throws {
        for role in state.customRoles(of: parent) where role.standing(at: now) == .gone {
            for record in state.policies.all where record.policy.bindings.contains(where: { $0.role == role.name.text })
            {
                var policy = record.policy
                policy.bindings.removeAll { $0.role == role.name.text }
                try setPolicy(policy, of: record.resource)
            }
            try remove(role)
        }
    }
}
