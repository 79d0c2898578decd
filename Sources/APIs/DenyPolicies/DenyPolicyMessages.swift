import Access
import Directory
import FoundationEssentials
import Methods
import PolicyAPI
import Schema

// Deny policies as clients write and see them.

extension DenyPolicy {
    /// What a client wrote.
    ///
    /// - Throws: `INVALID_ARGUMENT` for a rule that denies nothing.
    init(_ policy: Google_Iam_V2_Policy, id: String) throws {
        self.init(
            id: id, displayName: policy.displayName,
            rules: try policy.rules.enumerated().map { index, rule in
                guard case .denyRule(let deny)? = rule.kind else {
                    throw ServiceError.invalidArgument("A rule has a denyRule.", field: "policy.rules[\(index)]")
                }
                return DenyRule(
                    description: rule.description_p, deniedPrincipals: deny.deniedPrincipals,
                    exceptionPrincipals: deny.exceptionPrincipals, deniedPermissions: deny.deniedPermissions,
                    exceptionPermissions: deny.exceptionPermissions,
                    condition: deny.hasDenialCondition ? PolicyCondition(deny.denialCondition) : nil)
            })
    }
}

extension Google_Iam_V2_Policy {
    /// A policy as it is kept.
    ///
    /// - Parameter collection: what its name begins with.
    init(_ record: DenyPolicyRecord, in collection: String, withRules: Bool = true) {
        self.init()
        name = "\(collection)/\(record.policy.id)"
        uid = record.uid
        kind = "DenyPolicy"
        displayName = record.policy.displayName
        annotations = record.annotations
        etag = record.policy.etag.base64EncodedString()
        createTime = .init(date: record.createdAt)
        updateTime = .init(date: record.updatedAt)
        if withRules { rules = record.policy.rules.map(Google_Iam_V2_PolicyRule.init) }
    }
}

extension Google_Iam_V2_PolicyRule {
    fileprivate init(_ rule: DenyRule) {
        self.init()
        description_p = rule.description
        denyRule.deniedPrincipals = rule.deniedPrincipals
        denyRule.exceptionPrincipals = rule.exceptionPrincipals
        denyRule.deniedPermissions = rule.deniedPermissions
        denyRule.exceptionPermissions = rule.exceptionPermissions
        if let condition = rule.condition { denyRule.denialCondition = .init(condition) }
    }
}
