/// What a policy may say, and how it is written down.
public struct PolicyRules: Sendable {
    /// The largest number of members in all bindings of a policy.
    public static let maximumMembers = 1500

    private let roles: RoleCatalog

    /// - Parameter roles: the roles that may be granted.
    public init(roles: RoleCatalog) {
        self.roles = roles
    }

    /// Checks bindings for a resource, and writes them as they are kept: one for each role, members without
    /// duplicates and with addresses in lower case, no binding without members. The order stays.
    ///
    /// - Throws: `PolicyError` that names the first thing wrong.
    public func canonical(_ bindings: [Binding], for resource: Resource) throws(PolicyError) -> [Binding] {
        let count = bindings.reduce(0) { $0 + $1.members.count }
        guard count <= Self.maximumMembers else {
            throw PolicyError(
                message: "The number of members in the policy (\(count)) is larger than the maximum allowed size "
                    + "1,500.",
                field: "policy.bindings")
        }
        var order: [String] = []
        var members: [String: [String]] = [:]
        var seen: [String: Set<String>] = [:]
        for (index, binding) in bindings.enumerated() {
            let field = "policy.bindings[\(index)]"
            try check(role: binding.role, for: resource, field: "\(field).role")
            if members[binding.role] == nil { order.append(binding.role) }
            for (position, text) in binding.members.enumerated() {
                let member = try Self.member(text, for: resource, field: "\(field).members[\(position)]")
                if seen[binding.role, default: []].insert(member.text).inserted {
                    members[binding.role, default: []].append(member.text)
                }
            }
        }
        return order.compactMap { role in members[role].map { Binding(role: role, members: $0) } }
    }

    private func check(role name: String, for resource: Resource, field: String) throws(PolicyError) {
        guard let role = roles[name] else {
            throw PolicyError(
                message: "Role \(name) is not supported for this resource. Landfall has no role of this name.",
                field: field)
        }
        guard role.grantableOn.contains(resource.kind) else {
            throw PolicyError(message: "Role \(name) is not supported for this resource.", field: field)
        }
    }

    private static func member(
        _ text: String, for resource: Resource, field: String
    ) throws(PolicyError) -> Member {
        guard let member = Member(text) else {
            throw PolicyError(
                message:
                    "Policy members must be of the form \"<type>:<value>\". Invalid member: \"\(text.prefix(300))\".",
                field: field)
        }
        switch member {
        case .allUsers, .allAuthenticatedUsers, .convenience:
            guard [.organization, .folder, .project].contains(resource.kind) else { return member }
            throw PolicyError(
                message: "Member \(text) is not allowed in the policy of a project, folder or organization.",
                field: field, reason: .disallowedMemberType)
        case .group(let email):
            // There are no groups yet: a grant to one would be kept and mean nothing.
            throw PolicyError(message: "Group \(email) does not exist.", field: field)
        case .federated:
            throw PolicyError(
                message: "Member \(text.prefix(300)) is not supported yet: there are no identity pools.", field: field)
        case .user, .serviceAccount, .domain, .deleted:
            return member
        }
    }
}

/// Why a policy is refused.
public struct PolicyError: Error, Hashable, Sendable {
    /// Reasons that clients tell apart.
    public enum Reason: String, Sendable {
        case disallowedMemberType = "PROJECT_SET_IAM_DISALLOWED_MEMBER_TYPE"
    }

    /// One sentence for people.
    public var message: String
    /// Path of what is wrong: `policy.bindings[0].members[1]`.
    public var field: String
    /// The reason for programs, where Resource Manager has one.
    public var reason: Reason?

    /// Makes an error; `field` is the path of what is wrong.
    public init(message: String, field: String, reason: Reason? = nil) {
        self.message = message
        self.field = field
        self.reason = reason
    }
}
