/// What a policy may say, and how it is written down.
public struct PolicyRules: Sendable {
    /// The largest number of members in all bindings of a policy.
    public static let maximumMembers = PolicyLimits.members

    private let roles: RoleCatalog
    private let principals: PrincipalDirectory

    /// - Parameters:
    ///   - roles: the roles that may be granted.
    ///   - principals: whom they may be granted to.
    public init(roles: RoleCatalog, principals: PrincipalDirectory = PrincipalDirectory()) {
        self.roles = roles
        self.principals = principals
    }

    /// Checks bindings for a resource, and writes them as they are kept: one for each role and condition, members
    /// without duplicates and with addresses in lower case, no binding without members. The order stays.
    ///
    /// - Throws: `PolicyError` that names the first thing wrong.
    public func canonical(_ bindings: [Binding], for resource: Resource) throws(PolicyError) -> [Binding] {
        try canonical(Policy(bindings: bindings), at: PolicySite(resource)).bindings
    }

    /// Checks a policy for where it is to be bound, and writes it as it is kept.
    ///
    /// - Throws: `PolicyError` that names the first thing wrong.
    public func canonical(_ policy: Policy, at site: PolicySite) throws(PolicyError) -> Policy {
        try PolicyLimits.checkSize(policy)
        var merged = MergedBindings()
        var checkedRoles: Set<String> = []
        // What is there already, or was looked at before, need not be compiled again.
        var known = Set(site.current.bindings.lazy.compactMap { $0.condition?.expression })
        let change = BindingChange(from: site.current.bindings, to: policy.bindings)
        for (index, binding) in policy.bindings.enumerated() {
            merged.open(role: binding.role, condition: binding.condition)
            guard change.new.contains(index) else {
                // As it is kept already.
                for member in binding.members { merged.add(member) }
                continue
            }
            let field = "policy.bindings[\(index)]"
            if checkedRoles.insert(binding.role).inserted {
                try check(role: binding.role, at: site, field: "\(field).role")
            }
            if let condition = binding.condition {
                let field = "\(field).condition"
                try ConditionRules.check(condition, role: binding.role, known: &known, field: field)
            }
            for (position, text) in binding.members.enumerated() {
                let place = "\(field).members[\(position)]"
                let member = try member(text, at: site, field: place)
                if binding.condition != nil { try ConditionRules.check(member, field: place) }
                merged.add(member.text)
            }
        }
        var result = policy
        result.bindings = merged.bindings
        result.auditConfigs = try canonical(policy.auditConfigs)
        try PolicyLimits.checkCounts(result.bindings)
        return result
    }

    private func check(role name: String, at site: PolicySite, field: String) throws(PolicyError) {
        // A role that was deleted, or changed since, stays where it is granted already.
        guard !site.current.bindings.contains(where: { $0.role == name }) else { return }
        guard let type = site.resource.type else {
            throw PolicyError(message: "\(site.resource.path) has no policy of its own.", field: "resource")
        }
        guard !name.contains(Policy.mark) else {
            throw PolicyError(
                message: "Role \(name.prefix(300)) is not supported for this resource. It stands for a binding with a "
                    + "condition: read the policy with version 3 to change it.",
                field: field)
        }
        let parents = Set(site.holders.compactMap(\.roleParent))
        let findings = roles.findings(forRole: name, on: type, in: parents)
        if let finding = findings.first(where: { $0.severity == .error }) {
            throw PolicyError(message: finding.message, field: field)
        }
    }

    private func member(_ text: String, at site: PolicySite, field: String) throws(PolicyError) -> Member {
        guard let member = Member(text) else { throw Self.noMember(text, field: field) }
        if member == .allUsers || member == .allAuthenticatedUsers, site.resource.kind.isContainer {
            throw PolicyError(
                message: "Member \(text) is not allowed in the policy of a project, folder or organization.",
                field: field, reason: .disallowedMemberType)
        }
        // Who is gone since stays where they are named already, as do tombstones.
        if let objection = principals.objection(to: member), !site.names(member) {
            throw PolicyError(message: objection, field: field)
        }
        return member
    }

    private static func noMember(_ text: String, field: String) -> PolicyError {
        if ["projectOwner:", "projectEditor:", "projectViewer:"].contains(where: text.hasPrefix) {
            return PolicyError(
                message: "Member \(text.prefix(300)) is not allowed here: it is for buckets and data sets.",
                field: field, reason: .disallowedMemberType)
        }
        return PolicyError(
            message: "Policy members must be of the form \"<type>:<value>\". Invalid member: \"\(text.prefix(300))\".",
            field: field)
    }

    private func canonical(_ configs: [AuditConfig]) throws(PolicyError) -> [AuditConfig] {
        var result: [AuditConfig] = []
        for (index, config) in configs.enumerated() {
            let field = "policy.audit_configs[\(index)]"
            guard config.service == AuditConfig.allServices || EmailAddress.canonicalDomain(config.service) != nil
            else {
                throw PolicyError(
                    message: "'\(config.service.prefix(300))' is no service: allServices or a name such as "
                        + "run.googleapis.com.",
                    field: "\(field).service")
            }
            for (position, log) in config.logs.enumerated() {
                let logField = "\(field).audit_log_configs[\(position)]"
                var exempted: [String] = []
                for (number, text) in log.exemptedMembers.enumerated() {
                    guard let member = Member(text) else {
                        throw Self.noMember(text, field: "\(logField).exempted_members[\(number)]")
                    }
                    exempted.append(member.text)
                }
                result.merge(AuditConfig.Log(log.type, exemptedMembers: exempted), of: config.service)
            }
        }
        return result
    }
}

extension [AuditConfig] {
    /// Adds a log to what is there for its service.
    fileprivate mutating func merge(_ log: AuditConfig.Log, of service: String) {
        let index = firstIndex { $0.service == service } ?? endIndex
        if index == endIndex { append(AuditConfig(service: service, logs: [])) }
        let position = self[index].logs.firstIndex { $0.type == log.type } ?? self[index].logs.endIndex
        if position == self[index].logs.endIndex { self[index].logs.append(AuditConfig.Log(log.type)) }
        for member in log.exemptedMembers where !self[index].logs[position].exemptedMembers.contains(member) {
            self[index].logs[position].exemptedMembers.append(member)
        }
    }
}
