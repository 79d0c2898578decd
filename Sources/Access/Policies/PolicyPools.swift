// What becomes of the identities of a pool in policies when the pool is gone for good.

extension Policy {
    /// The policy without the identities of a pool; nil when it names none.
    public func forgetting(_ pool: Pool) -> Policy? {
        var policy = self
        for index in policy.bindings.indices { policy.bindings[index].members.removeAll(where: pool.isNamed) }
        policy.bindings.removeAll { $0.members.isEmpty }
        for index in policy.auditConfigs.indices {
            for log in policy.auditConfigs[index].logs.indices {
                policy.auditConfigs[index].logs[log].exemptedMembers.removeAll(where: pool.isNamed)
            }
        }
        return policy == self ? nil : policy
    }
}

extension DenyPolicy {
    /// Takes the identities of a pool out of the exceptions: what is denied to them stays denied.
    ///
    /// - Returns: whether there were any.
    public mutating func forgetExceptions(of pool: Pool) -> Bool {
        let before = self
        for index in rules.indices { rules[index].exceptionPrincipals.removeAll(where: pool.isNamed) }
        return self != before
    }
}

extension Pool {
    /// Whether a member of a policy is an identity, or a set of identities, of the pool.
    fileprivate func isNamed(by member: String) -> Bool {
        switch Member(member) ?? Member(identifier: member) {
        case .subject(_, self), .identities(_, self): true
        default: false
        }
    }
}
