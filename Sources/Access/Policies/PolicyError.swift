/// Why a policy is refused.
public struct PolicyError: Error, Hashable, Sendable {
    /// Reasons that clients tell apart.
    public enum Reason: String, Sendable {
        case disallowedMemberType = "PROJECT_SET_IAM_DISALLOWED_MEMBER_TYPE"
    }

    /// How the refusal counts on the wire.
    public enum Code: Hashable, Sendable {
        /// The policy is wrong in itself: `INVALID_ARGUMENT`.
        case invalid
        /// Something else forbids it: `FAILED_PRECONDITION`.
        case precondition
    }

    /// One sentence for people.
    public var message: String
    /// Path of what is wrong: `policy.bindings[0].members[1]`.
    public var field: String
    /// The reason for programs, where Resource Manager has one.
    public var reason: Reason?
    /// How the refusal counts.
    public var code: Code

    /// Makes an error; `field` is the path of what is wrong.
    public init(message: String, field: String, reason: Reason? = nil, code: Code = .invalid) {
        self.message = message
        self.field = field
        self.reason = reason
        self.code = code
    }
}
