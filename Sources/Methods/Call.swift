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

    /// A call, as the gateway hands it to a handler.
    public init(caller: Caller?, method: String, host: String, time: Date, gatekeeper: any Gatekeeper) {
        self.caller = caller
        self.method = method
        self.host = host
        self.time = time
        self.gatekeeper = gatekeeper
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
        let (principal, context) = (try principal(), context ?? RequestContext(time: time))
        if let refusal = try await gatekeeper.refusal(of: permission, on: resource, to: principal, in: context) {
            throw denial(refusal)
        }
    }

    /// Whether the caller holds `permission` on `resource`; for lists that hold what the caller may see.
    public func mayUse(_ permission: Permission, on resource: Resource) async throws -> Bool {
        try await gatekeeper.decide(principal(), permission, on: resource, in: RequestContext(time: time)).isAllowed
    }
}

/// A caller whose token was found good.
public struct Caller: Hashable, Sendable {
    /// Whose token it is.
    public var principal: Principal
    /// When the token ends.
    public var expiresAt: Date

    /// A caller with a token that was found good.
    public init(principal: Principal, expiresAt: Date) {
        self.principal = principal
        self.expiresAt = expiresAt
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
    /// Why a principal may not do something, with what would help; nil when it may.
    func refusal(
        of permission: Permission, on resource: Resource, to principal: Principal, in context: RequestContext
    ) async throws -> Denial? {
        guard case .denied = try await decide(principal, permission, on: resource, in: context) else { return nil }
        let proof = try await explain(principal, permission, on: resource, in: context)
        guard case .denied(let denial) = proof.decision else { return nil }
        return denial
    }
}
