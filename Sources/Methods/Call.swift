import Access
import FoundationEssentials

/// What a handler knows of the call that it answers, besides the request.
public struct Call: Sendable {
    /// Who calls; nil only for methods that are open to callers without a token.
    public var caller: Caller?
    /// Full name of the method: `google.cloud.batch.v1.BatchService.CreateJob`.
    public var method: String
    /// The host that the caller addressed, in lower case and without port.
    public var host: String
    /// When the call arrived.
    public var time: Date
    /// Decides what the caller may do.
    public var gatekeeper: any Gatekeeper
    /// Keeps the checks of access; nil when nobody wants to hear of the call.
    public var record: CallRecord?

    /// A call, as the gateway hands it to a handler.
    public init(
        caller: Caller?, method: String, host: String, time: Date, gatekeeper: any Gatekeeper,
        record: CallRecord? = nil
    ) {
        self.caller = caller
        self.method = method
        self.host = host
        self.time = time
        self.gatekeeper = gatekeeper
        self.record = record
    }

    /// Who calls.
    ///
    /// - Throws: `UNAUTHENTICATED` in a method that is open to callers without a token.
    public func principal() throws -> Principal {
        guard let caller else { throw ServiceError.missingCredential }
        return caller.principal
    }

    /// Makes sure that the caller holds `permission` on `resource`; for what a method's row cannot say.
    ///
    /// - Parameters:
    ///   - context: what else the decision depends on; the time of the call, unless more is said.
    ///   - denial: the error for a refusal, where the API has a text of its own.
    /// - Throws: `PERMISSION_DENIED` that names the permission and the resource.
    public func require(
        _ permission: Permission, on resource: Resource, in context: RequestContext? = nil,
        orThrow denial: (Denial) -> ServiceError = { ServiceError.permissionDenied($0) }
    ) async throws {
        let check = try await gatekeeper.check(
            principal(), permission, on: resource, in: context ?? RequestContext(time: time))
        record?.note(check)
        if let refusal = check.refusal { throw denial(refusal) }
    }

    /// The same for a resource whose project the request names by id or by number, in which a service must be enabled:
    /// `Gatekeeper.admit`.
    @discardableResult
    public func admit(
        _ permission: Permission, on named: Resource, service: String?, in context: RequestContext? = nil,
        orThrow denial: (Denial) -> ServiceError = { ServiceError.permissionDenied($0) }
    ) async throws -> Resource {
        try await gatekeeper.admit(
            principal(), permission, on: named, service: service, in: context ?? RequestContext(time: time),
            record: record, orThrow: denial)
    }

    /// Whether the caller holds `permission` on `resource`; for lists that hold what the caller may see.
    public func mayUse(_ permission: Permission, on resource: Resource) async throws -> Bool {
        try await gatekeeper.decide(principal(), permission, on: resource, in: RequestContext(time: time)).isAllowed
    }

    /// Tells those who hear of calls what a search has found and is about to show: a look at each.
    ///
    /// - Parameter permission: what the caller holds on all of them, and would not be shown them without.
    public func noteFound(_ resources: [Resource], by permission: Permission) async throws {
        guard let record else { return }
        for resource in resources.prefix(CallRecord.mostChecks) {
            let decision = try await gatekeeper.decide(
                principal(), permission, on: resource, in: RequestContext(time: time))
            record.note(AccessCheck(permission, on: resource, decision))
        }
    }
}

/// A caller whose token was found good.
public struct Caller: Hashable, Sendable {
    /// Whose token it is.
    public var principal: Principal
    /// When the token ends.
    public var expiresAt: Date
    /// Those who made the token for it, the first of them first; empty when the principal got it itself.
    public var delegation: [Principal]

    /// A caller with a token that was found good.
    public init(principal: Principal, expiresAt: Date, delegation: [Principal] = []) {
        self.principal = principal
        self.expiresAt = expiresAt
        self.delegation = delegation
    }
}

/// Knows tokens, policies and enabled services: what stands between a request and its handler.
public protocol Gatekeeper: Sendable {
    /// Finds out who calls.
    ///
    /// - Parameters:
    ///   - authorization: the value of the `authorization` header; nil when there is none.
    ///   - service: which is called, such as `batch.googleapis.com`: some tokens are for one service alone.
    /// - Throws: `UNAUTHENTICATED`, with the reason.
    func authenticate(authorization: String?, service: String) async throws -> Caller

    /// Decides whether `principal` holds `permission` on `resource`, by the policies of the resource and all above it.
    func decide(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) async throws -> Decision

    /// Decides in the same way, and says what was looked at and what would help: slower, for refusals.
    func explain(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) async throws -> Proof

    /// Makes sure that a service such as `batch.googleapis.com` is enabled in a project.
    ///
    /// - Throws: `PERMISSION_DENIED` with reason `SERVICE_DISABLED` and the text by which clients recognise it.
    func requireEnabled(service: String, project: String) async throws

    /// The id of a project that a request names by id or by number; nil when there is none.
    func projectID(_ idOrNumber: String) async throws -> String?

    /// The resource that a request names, with the id of its project; nil when there is no such project. Service
    /// accounts can be named in several ways.
    func located(_ named: Resource) async throws -> Resource?
}

extension Gatekeeper {
    /// Puts a question to the policies; a refusal is explained.
    ///
    /// - Parameter named: the resource as the request names it; nil when that is by its project's id.
    public func check(
        _ principal: Principal, _ permission: Permission, on resource: Resource, named: Resource? = nil,
        in context: RequestContext
    ) async throws -> AccessCheck {
        let decision = try await decide(principal, permission, on: resource, in: context)
        var proof: Proof?
        if !decision.isAllowed { proof = try await explain(principal, permission, on: resource, in: context) }
        return AccessCheck(permission, on: resource, named: named, proof?.decision ?? decision, proof: proof)
    }
}
