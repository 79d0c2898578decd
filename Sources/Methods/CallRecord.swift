import Access
import Synchronization

/// What becomes known of a call while it is carried out: who makes it, and which checks of access it was put to.
///
/// One for each call that somebody wants to hear of; the gateway and the handler write into it.
public final class CallRecord: Sendable {
    /// Checks that are kept at most: the first ones. A request that names many resources is checked for each.
    public static let mostChecks = 100

    private struct State {
        var caller: Caller?
        var checks: [AccessCheck] = []
        var refusal: AccessCheck?
    }

    private let state = Mutex(State())

    /// An empty record.
    public init() {}

    /// Who calls; nil until the token was found good.
    public var caller: Caller? {
        get { state.withLock(\.caller) }
        set { state.withLock { $0.caller = newValue } }
    }

    /// The checks in their order.
    public var checks: [AccessCheck] { state.withLock(\.checks) }

    /// The latest check that was refused, whether or not it is about what the call does.
    public var refusal: AccessCheck? { state.withLock(\.refusal) }

    /// Adds a check.
    public func note(_ check: AccessCheck) {
        state.withLock { state in
            if !check.decision.isAllowed { state.refusal = check }
            if state.checks.count < Self.mostChecks { state.checks.append(check) }
        }
    }

    /// Notes a refusal that is not about what the call does, such as of the project that it is to count for.
    public func noteRefusal(_ check: AccessCheck) {
        state.withLock { $0.refusal = check }
    }
}

/// One question to the policies, and the answer.
public struct AccessCheck: Hashable, Sendable {
    /// What the caller needed.
    public var permission: Permission
    /// Where, as the request names it: maybe by the number of its project.
    public var named: Resource
    /// Where, with the id of the project; the same as `named` when there is no such project.
    public var resource: Resource
    /// The answer.
    public var decision: Decision
    /// What a refusal rests on.
    public var proof: Proof?

    /// Makes a check of its parts.
    ///
    /// - Parameter named: nil for a resource that is named by its project's id.
    public init(
        _ permission: Permission, on resource: Resource, named: Resource? = nil, _ decision: Decision,
        proof: Proof? = nil
    ) {
        self.permission = permission
        self.named = named ?? resource
        self.resource = resource
        self.decision = decision
        self.proof = proof
    }

    /// Why the answer is no; nil when it is yes.
    public var refusal: Denial? {
        if case .denied(let denial) = decision { denial } else { nil }
    }
}
