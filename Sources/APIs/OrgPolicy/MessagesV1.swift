import Access
import Directory
import Methods
import Schema
import SwiftProtobuf

// Organization policies as clients of Resource Manager v1 write and see them.

typealias PolicyV1 = Google_Cloud_Resourcemanager_V1_OrgPolicy

extension OrganizationPolicy {
    /// What a client wrote.
    ///
    /// - Throws: `INVALID_ARGUMENT` for a policy that says nothing.
    init(_ policy: PolicyV1, for constraint: Constraint) throws {
        switch policy.policyType {
        case .booleanPolicy(let boolean):
            self.init(constraint, rules: [Rule(.enforce(boolean.enforced))])
        case .restoreDefault:
            self.init(constraint, isReset: true)
        case .listPolicy(let list):
            let effect: Effect =
                switch list.allValues {
                case .allow: .allowAll
                case .deny: .denyAll
                default: .values(allowed: list.allowedValues, denied: list.deniedValues)
                }
            self.init(constraint, rules: [Rule(effect)], inheritsFromParent: list.inheritFromParent)
        case nil:
            throw ServiceError.invalidArgument(
                "A policy has a booleanPolicy, a listPolicy or restoreDefault.", field: "policy")
        }
    }
}

extension PolicyV1 {
    /// A policy as it is kept.
    init(_ record: OrganizationPolicyRecord) {
        let policy = record.policy
        self.init(policy.constraint, policy.rules.filter { $0.condition == nil }.map(\.effect))
        etag = policy.etag
        updateTime = .init(date: record.updatedAt)
        if policy.isReset { restoreDefault = .init() }
        if case .listPolicy = policyType { listPolicy.inheritFromParent = policy.inheritsFromParent }
    }

    /// A policy of some rules, of which v1 has one at most.
    init(_ constraint: String, _ effects: [OrganizationPolicy.Effect]) {
        self.init()
        self.constraint = "constraints/\(constraint)"
        switch effects.first {
        case .enforce(let isEnforced)?: booleanPolicy.enforced = isEnforced
        case .allowAll?: listPolicy.allValues = .allow
        case .denyAll?: listPolicy.allValues = .deny
        case .values?:
            for case .values(let allowed, let denied) in effects {
                listPolicy.allowedValues += allowed
                listPolicy.deniedValues += denied
            }
        case nil: break
        }
    }
}

extension Google_Cloud_Resourcemanager_V1_Constraint {
    /// A constraint as clients see it.
    init(_ constraint: Constraint) {
        self.init()
        name = "constraints/\(constraint.name)"
        displayName = constraint.title
        description_p = constraint.title
        switch constraint.kind {
        case .boolean(let isEnforced):
            constraintDefault = isEnforced ? .deny : .allow
            booleanConstraint = .init()
        case .list(let allows):
            constraintDefault = allows ? .allow : .deny
            listConstraint = .init()
        }
    }
}
