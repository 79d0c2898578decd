/// The answer to "may this principal do this to that resource?", with its reason.
public enum Decision: Hashable, Sendable {
    case allowed(Grant)
    case denied(Denial)

    /// Whether the answer is yes.
    public var isAllowed: Bool {
        if case .allowed = self { true } else { false }
    }
}

/// Why a call is allowed: one binding that grants the permission.
public struct Grant: Hashable, Sendable {
    /// The role that contains the permission.
    public var role: String
    /// The member of the binding that the principal matched.
    public var member: Member
    /// The resource whose policy has the binding: the one asked for, or one above it.
    public var boundOn: Resource

    /// Makes a grant of its three parts.
    public init(role: String, member: Member, boundOn: Resource) {
        self.role = role
        self.member = member
        self.boundOn = boundOn
    }
}

/// Why a call is refused.
public struct Denial: Hashable, Sendable {
    /// Who asked.
    public var principal: Principal
    /// What was missing.
    public var permission: Permission
    /// Where it was missing.
    public var resource: Resource
    /// The grants that would each give the permission, those that give the least first; none where nobody has looked for
    /// them (`AccessIndex.explain`). They suffice unless something else stands in the way.
    public var remedies: [Remedy]
    /// What stands in the way.
    public var cause: Cause

    /// Makes a denial of its parts.
    public init(
        principal: Principal, permission: Permission, resource: Resource, remedies: [Remedy] = [],
        cause: Cause = .notGranted
    ) {
        self.principal = principal
        self.permission = permission
        self.resource = resource
        self.remedies = remedies
        self.cause = cause
    }

    /// What stands in the way of a call.
    public enum Cause: Hashable, Sendable {
        /// No binding grants the permission.
        case notGranted
        /// A binding does, but the project, of this number, is marked for deletion.
        case projectDeleted(number: String)
        /// A rule of a deny policy applies, whatever is granted.
        case denied(by: DenyRuleReference)
        /// The service account that calls is disabled.
        case accountDisabled
        /// The service account that calls was deleted, or belongs to a project that is marked for deletion.
        case accountGone
        /// A constraint forbids it, as it holds on this project.
        case constraint(name: String, project: String)
    }
}

/// Which rule of which deny policy.
public struct DenyRuleReference: Hashable, Sendable {
    /// What the policy is attached to.
    public var resource: Resource
    /// The policy's id.
    public var policy: String
    /// The rule's index in the policy.
    public var rule: Int

    /// Names a rule.
    public init(on resource: Resource, _ policy: String, rule: Int) {
        self.resource = resource
        self.policy = policy
        self.rule = rule
    }
}

/// A grant that would turn a refusal around: this role, on this resource.
public struct Remedy: Hashable, Sendable {
    /// `roles/batch.jobsEditor`.
    public var role: String
    /// The nearest place where the role can be granted.
    public var on: Resource

    /// Makes a remedy of its two parts.
    public init(role: String, on resource: Resource) {
        self.role = role
        self.on = resource
    }
}
