/// How large a policy may be.
enum PolicyLimits {
    /// Members in all bindings and exemptions of a policy; every appearance counts.
    static let members = 1500
    /// Domains, by appearance, and different groups in a policy.
    static let groupsAndDomains = 250
    /// Conditional bindings of the same member to the same role.
    static let conditionsPerGrant = 20
    /// Bytes of a condition's title.
    static let conditionTitle = 100
    /// Bytes of a condition's description.
    static let conditionDescription = 256

    /// Checks a policy as it was sent, before anything in it is looked at: a list that is too long costs nothing.
    static func checkSize(_ policy: Policy) throws(PolicyError) {
        let count =
            policy.bindings.reduce(0) { $0 + $1.members.count }
            + policy.auditConfigs.reduce(0) { $0 + $1.logs.reduce(0) { $0 + $1.exemptedMembers.count } }
        guard count <= members, policy.bindings.count <= members else {
            throw PolicyError(
                message: "The number of members in the policy (\(max(count, policy.bindings.count))) is larger than "
                    + "the maximum allowed size 1,500.",
                field: "policy.bindings")
        }
    }

    /// Checks a policy in its canonical form.
    static func checkCounts(_ bindings: [Binding]) throws(PolicyError) {
        let all = bindings.flatMap(\.members)
        let groups = Set(all.lazy.filter { $0.hasPrefix("group:") }).count
        let domains = all.count { $0.hasPrefix("domain:") }
        guard groups + domains <= groupsAndDomains else {
            throw PolicyError(
                message: "The number of groups and domains in the policy (\(groups + domains)) is larger than the "
                    + "maximum allowed size \(groupsAndDomains).",
                field: "policy.bindings")
        }
        var conditions: [Grant: Int] = [:]
        for (index, binding) in bindings.enumerated() where binding.condition != nil {
            for member in binding.members {
                conditions[Grant(role: binding.role, member: member), default: 0] += 1
                guard conditions[Grant(role: binding.role, member: member), default: 0] <= conditionsPerGrant else {
                    throw PolicyError(
                        message: "\(member) is granted \(binding.role) under more than \(conditionsPerGrant) "
                            + "different conditions.",
                        field: "policy.bindings[\(index)]")
                }
            }
        }
    }

    private struct Grant: Hashable {
        let role: String
        let member: String
    }
}
