import Access
import FoundationEssentials
import Methods
import SwiftProtobuf

/// Knows the project `demo`, number 1234, and the organization 77, and grants on them what it is told to.
struct FakeGatekeeper: Gatekeeper {
    var granted: Set<Permission>

    func authenticate(authorization: String?, service: String) async throws -> Caller {
        throw ServiceError.missingCredential
    }

    func decide(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Decision {
        guard granted.contains(permission), [.project("demo"), .organization("77")].contains(resource) else {
            return .denied(Denial(principal: principal, permission: permission, resource: resource))
        }
        return .allowed(Grant(role: "roles/owner", member: principal.ownMember, boundOn: resource))
    }

    func explain(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Proof {
        Proof(.denied(Denial(principal: principal, permission: permission, resource: resource)))
    }

    func requireEnabled(service: String, project: String) async throws {}

    func projectID(_ idOrNumber: String) async throws -> String? {
        ["demo", "1234"].contains(idOrNumber) ? "demo" : nil
    }
}

extension Call {
    /// A call by someone who has these permissions on the project `demo`, at the time of the samples.
    static func fake(_ permissions: Permission...) -> Call {
        Call(
            caller: Caller(principal: .user("alice@example.com"), expiresAt: .distantFuture), method: "m",
            host: "logging.googleapis.com", time: Date(timeIntervalSince1970: 1_790_000_100),
            gatekeeper: FakeGatekeeper(granted: Set(permissions)))
    }
}

extension API {
    /// Calls a method past the gateway.
    func call<Request: Message & Sendable, Response: Message & Sendable>(
        _ name: String, _ request: Request, _ call: Call
    ) async throws -> Response {
        for method in methods where method.name.hasSuffix("." + name) {
            if let method = method as? UnaryMethod<Request, Response> { return try await method.handler(request, call) }
        }
        throw ServiceError(.unimplemented, name)
    }
}
