import Access
import Methods
import Synchronization

/// Who holds which permission on which account.
final class Grants: Sendable {
    private struct Held: Hashable {
        let principal: String
        let permission: Permission
        let email: String
    }

    private let held = Mutex<Set<Held>>([])

    func give(_ principal: Principal, _ permission: Permission, on email: String) {
        held.withLock { _ = $0.insert(Held(principal: principal.member, permission: permission, email: email)) }
    }

    func has(_ principal: Principal, _ permission: Permission, on email: String) -> Bool {
        held.withLock { $0.contains(Held(principal: principal.member, permission: permission, email: email)) }
    }
}

/// Decides by grants alone.
struct GrantGatekeeper: Gatekeeper {
    let grants: Grants

    func authenticate(authorization: String?, service: String) async throws -> Methods.Caller {
        throw ServiceError.missingCredential
    }

    func decide(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) async throws -> Decision {
        if case .serviceAccount(let email, _) = resource, grants.has(principal, permission, on: email) {
            return .allowed(Grant(role: "roles/test", member: principal.ownMember, boundOn: resource))
        }
        return .denied(Denial(principal: principal, permission: permission, resource: resource))
    }

    func explain(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Proof {
        Proof(.denied(Denial(principal: principal, permission: permission, resource: resource)))
    }

    func requireEnabled(service: String, project: String) async throws {}

    func projectID(_ idOrNumber: String) async throws -> String? { idOrNumber == "demo" ? "demo" : nil }
}
