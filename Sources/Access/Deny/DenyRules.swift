/// What a deny policy may say, and how it is written down.
public struct DenyRules: Sendable {
    /// Deny policies of one resource.
    public static let maximumPolicies = 500
    /// Rules in all deny policies of one resource.
    public static let maximumRules = 500
    /// Principals in one policy; every appearance counts.
    static let maximumPrincipals = 2500
    /// Groups among them.
    static let maximumGroups = 500
    /// Characters of a display name and bytes of a description.
    static let maximumDisplayName = 63
    static let maximumDescription = 256

    private let principals: PrincipalDirectory

    /// - Parameter principals: whom a rule may name.
    public init(principals: PrincipalDirectory = PrincipalDirectory()) {
        self.principals = principals
    }

    /// Checks a policy and writes it as it is kept: addresses in lower case, no duplicates.
    ///
    /// - Parameters:
    ///   - attachment: an organization, folder or project.
    ///   - others: the other deny policies of the attachment.
    /// - Throws: `PolicyError` that names the first thing wrong.
    public func canonical(
        _ policy: DenyPolicy, on attachment: Resource, beside others: [DenyPolicy]
    ) throws(PolicyError) -> DenyPolicy {
        guard attachment.kind.isContainer else {
            throw PolicyError(
                message: "Deny policies can be attached to projects, folders and organizations.", field: "parent")
        }
        try check(policy, beside: others)
        var result = policy
        for index in policy.rules.indices {
            result.rules[index] = try canonical(policy.rules[index], field: "policy.rules[\(index)]")
        }
        return result
    }

    private func check(_ policy: DenyPolicy, beside others: [DenyPolicy]) throws(PolicyError) {
        guard Self.isID(policy.id) else {
            throw PolicyError(
                message: "A policy id is 3 to 63 characters: lower-case letters, digits, hyphens and points, first a "
                    + "letter, last no hyphen.",
                field: "policy_id")
        }
        guard policy.displayName.count <= Self.maximumDisplayName else {
            throw PolicyError(
                message: "A display name has at most \(Self.maximumDisplayName) characters.",
                field: "policy.display_name")
        }
        let rules = others.reduce(policy.rules.count) { $0 + $1.rules.count }
        guard others.count < Self.maximumPolicies, rules <= Self.maximumRules else {
            throw PolicyError(
                message: "A resource has at most \(Self.maximumPolicies) deny policies with \(Self.maximumRules) rules "
                    + "in all.",
                field: "policy.rules")
        }
        let named = policy.rules.flatMap { $0.deniedPrincipals + $0.exceptionPrincipals }
        let groups = named.count { $0.hasPrefix("principalSet://goog/group/") }
        guard named.count <= Self.maximumPrincipals, groups <= Self.maximumGroups else {
            throw PolicyError(
                message: "A deny policy names at most \(Self.maximumPrincipals) principals, \(Self.maximumGroups) "
                    + "groups among them.",
                field: "policy.rules")
        }
    }

    private func canonical(_ rule: DenyRule, field: String) throws(PolicyError) -> DenyRule {
        let field = "\(field).deny_rule"
        guard rule.description.utf8.count <= Self.maximumDescription else {
            throw PolicyError(
                message: "A description has at most \(Self.maximumDescription) bytes.", field: "\(field).description")
        }
        guard !rule.deniedPrincipals.isEmpty, !rule.deniedPermissions.isEmpty else {
            throw PolicyError(message: "A rule needs principals and permissions that it denies.", field: field)
        }
        var result = rule
        result.deniedPrincipals = try principals(
            rule.deniedPrincipals, areExceptions: false, field: "\(field).denied_principals")
        result.exceptionPrincipals = try principals(
            rule.exceptionPrincipals, areExceptions: true, field: "\(field).exception_principals")
        result.deniedPermissions = try permissions(rule.deniedPermissions, field: "\(field).denied_permissions")
        result.exceptionPermissions = try permissions(
            rule.exceptionPermissions, field: "\(field).exception_permissions")
        if let condition = rule.condition {
            try ConditionRules.checkTagsOnly(condition, field: "\(field).denial_condition")
        }
        return result
    }

    private func principals(
        _ texts: [String], areExceptions: Bool, field: String
    ) throws(PolicyError) -> [String] {
        var result: [String] = []
        var seen: Set<String> = []
        for (index, text) in texts.enumerated() {
            guard let member = Member(identifier: text), !(areExceptions && member == .allUsers) else {
                throw PolicyError(
                    message: "'\(text.prefix(300))' is not a principal that a deny policy can name here.",
                    field: "\(field)[\(index)]")
            }
            if let objection = principals.objection(to: member) {
                throw PolicyError(message: objection, field: "\(field)[\(index)]")
            }
            if seen.insert(member.identifier).inserted { result.append(member.identifier) }
        }
        return result
    }

    private func permissions(_ texts: [String], field: String) throws(PolicyError) -> [String] {
        var result: [String] = []
        var seen: Set<PermissionPattern> = []
        for (index, text) in texts.enumerated() {
            guard let pattern = PermissionPattern(text) else {
                throw PolicyError(
                    message: "'\(text.prefix(300))' is not a permission that can be denied: "
                        + "run.googleapis.com/jobs.run, run.googleapis.com/jobs.* and the like.",
                    field: "\(field)[\(index)]")
            }
            if seen.insert(pattern).inserted { result.append(pattern.description) }
        }
        return result
    }

    private static func isID(_ id: String) -> Bool {
        (3...63).contains(id.utf8.count) && id.first?.isLowercase == true && id.last != "-"
            && id.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."): true
                default: false
                }
            }
    }
}
