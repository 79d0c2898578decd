import Access
import FoundationEssentials
import Methods
import Synchronization

/// Knows one person, and one project by id and number; notes what it is asked.
final class FakeGatekeeper: Gatekeeper {
    enum Question: Hashable {
        case authenticate
        case enabled(service: String, project: String)
        case decide(Permission, Resource)
    }

    static let alice = Principal.user("alice@example.com")
    static let token = "Bearer alice"

    private let isEnabled: Bool
    private let allows: Bool
    private let questions = Mutex<[Question]>([])

    init(isEnabled: Bool = true, allows: Bool = true) {
        self.isEnabled = isEnabled
        self.allows = allows
    }

    var asked: [Question] { questions.withLock { $0 } }

    func authenticate(authorization: String?, service: String) async throws -> Caller {
        questions.withLock { $0.append(.authenticate) }
        guard let authorization else { throw ServiceError.missingCredential }
        guard authorization == Self.token else { throw ServiceError.invalidCredential(reason: "ACCESS_TOKEN_EXPIRED") }
        return Caller(principal: Self.alice, expiresAt: .distantFuture)
    }

    func decide(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Decision {
        questions.withLock { $0.append(.decide(permission, resource)) }
        if allows { return .allowed(Grant(role: "roles/owner", member: principal.ownMember, boundOn: resource)) }
        return .denied(Denial(principal: principal, permission: permission, resource: resource))
    }

    func explain(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Proof {
        Proof(.denied(Denial(principal: principal, permission: permission, resource: resource)))
    }

    func requireEnabled(service: String, project: String) async throws {
        questions.withLock { $0.append(.enabled(service: service, project: project)) }
        if !isEnabled { throw ServiceError(.permissionDenied, "\(service) is disabled in \(project)") }
    }

    func projectID(_ idOrNumber: String) async throws -> String? {
        ["demo": "demo", "123": "demo"][idOrNumber]
    }
}
