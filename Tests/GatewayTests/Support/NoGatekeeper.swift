import Access
import Methods

/// Lets nobody in; the tests' invoker does not ask it.
struct NoGatekeeper: Gatekeeper {
    func authenticate(authorization: String?) async throws -> Caller { throw ServiceError.missingCredential }

    func decide(
        _ principal: Principal, _ permission: Permission, on resource: Resource
    ) async throws -> Decision {
        throw ServiceError.missingCredential
    }

    func requireEnabled(service: String, project: String) async throws {}

    func projectID(_ idOrNumber: String) async throws -> String? { nil }
}
