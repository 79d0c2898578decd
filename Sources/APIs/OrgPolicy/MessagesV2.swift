import Access
import Directory
import FoundationEssentials
import Methods
import PolicyAPI
import Schema
import SwiftProtobuf

// Organization policies as clients of v2 write and see them.

typealias PolicyV2 = Google_Cloud_Orgpolicy_V2_Policy
typealias SpecV2 = Google_Cloud_Orgpolicy_V2_PolicySpec

extension OrganizationPolicy {
    /// What a client wrote.
    ///
    /// - Throws: `INVALID_ARGUMENT` for what cannot be obeyed here.
    init(_ policy: PolicyV2, for constraint: Constraint) throws {
        guard !policy.hasDryRunSpec else {
            throw ServiceError.invalidArgument(
                "Policies that are only tried (dryRunSpec) are not supported.", field: "policy.dry_run_spec")
        }
        self.init(
            constraint,
            rules: try policy.spec.rules.enumerated().map { index, rule in
                guard !rule.hasParameters, let effect = Effect(rule.kind) else {
                    throw ServiceError.invalidArgument(
                        "A rule has values, allowAll, denyAll or enforce.", field: "policy.spec.rules[\(index)]")
                }
                return Rule(effect, condition: rule.hasCondition ? PolicyCondition(rule.condition) : nil)
            },
            inheritsFromParent: policy.spec.inheritFromParent, isReset: policy.spec.reset)
    }
}

extension OrganizationPolicy.Effect {
    fileprivate init?(_ kind: SpecV2.PolicyRule.OneOf_Kind?) {
        switch kind {
        case .values(let values): self = .values(allowed: values.allowedValues, denied: values.deniedValues)
        case .allowAll(true): self = .allowAll
        case .denyAll(true): self = .denyAll
        case .enforce(let isEnforced): self = .enforce(isEnforced)
        case .allowAll(false), .denyAll(false), nil: return nil
        }
    }

    fileprivate var kind: SpecV2.PolicyRule.OneOf_Kind {
        switch self {
        case .enforce(let isEnforced): .enforce(isEnforced)
        case .allowAll: .allowAll(true)
        case .denyAll: .denyAll(true)
        case .values(let allowed, let denied):
            .values(
                .with {
                    $0.allowedValues = allowed
                    $0.deniedValues = denied
                })
        }
    }
}

extension PolicyV2 {
    /// A policy as it is kept.
    ///
    /// - Parameter path: `projects/123456789012`.
    init(_ record: OrganizationPolicyRecord, of path: String) {
        self.init()
        name = "\(path)/policies/\(record.policy.constraint)"
        etag = record.policy.etag.base64EncodedString()
        spec.etag = etag
        spec.updateTime = .init(date: record.updatedAt)
        spec.inheritFromParent = record.policy.inheritsFromParent
        spec.reset = record.policy.isReset
        spec.rules = record.policy.rules.map { rule in
            .with {
                $0.kind = rule.effect.kind
                if let condition = rule.condition { $0.condition = .init(condition) }
            }
        }
    }

    /// What holds for a constraint, as a policy that says just that.
    init(_ effective: EffectiveConstraint, of constraint: Constraint, on path: String) {
        self.init()
        name = "\(path)/policies/\(constraint.name)"
        spec.rules = effective.effects.map { effect in .with { $0.kind = effect.kind } }
    }

    /// The etag that a write must meet: the client's, in either of its places.
    ///
    /// - Throws: `ABORTED` for one that was never given out.
    func expectedEtag() throws -> Data {
        try Data(etag: etag.isEmpty ? spec.etag : etag)
    }
}

extension EffectiveConstraint {
    /// The rules that say it.
    var effects: [OrganizationPolicy.Effect] {
        switch self {
        case .enforced(let isEnforced): return [.enforce(isEnforced)]
        case .values(let values):
            if values.allowed?.isEmpty == true { return [.denyAll] }
            if values.allowed == nil, values.denied.isEmpty { return [.allowAll] }
            return [.values(allowed: (values.allowed ?? []).sorted(), denied: values.denied.sorted())]
        }
    }
}

extension Data {
    /// Reads an etag as clients send it back.
    ///
    /// - Throws: `ABORTED` for one that was never given out.
    init(etag: String) throws {
        guard let data = Data(base64Encoded: etag) else {
            throw ServiceError(.aborted, "The etag is none that was given out: read the policy again.")
        }
        self = data
    }
}

extension Google_Cloud_Orgpolicy_V2_Constraint {
    /// A constraint as clients see it.
    ///
    /// - Parameter path: what was asked about: `projects/123456789012`.
    init(_ constraint: Constraint, of path: String) {
        self.init()
        name = "\(path)/constraints/\(constraint.name)"
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
