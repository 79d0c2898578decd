import Access
import FoundationEssentials
import Methods
import Schema
import Store

/// `getIamPolicy`, `setIamPolicy` and `testIamPermissions`, which organizations and projects share.
struct PolicyMethods: Sendable {
    /// What clients see as the etag of a policy that was never written: `ACAB`.
    private static let emptyEtag = Data([0x00, 0x20, 0x01])
    /// Permissions that can be tested at a time.
    private static let maximumTested = 100

    let store: any DirectoryStore
    let roles: RoleCatalog

    func get(
        _ resource: Resource, _ request: Google_Iam_V1_GetIamPolicyRequest
    ) async throws -> Google_Iam_V1_Policy {
        try Self.checkVersion(request.options.requestedPolicyVersion, field: "options.requested_policy_version")
        return Self.message(try await store.policy(of: try await known(resource)))
    }

    func set(
        _ resource: Resource, _ request: Google_Iam_V1_SetIamPolicyRequest
    ) async throws -> Google_Iam_V1_Policy {
        let resource = try await known(resource)
        if case .project(let id) = resource, let project = try await store.project(id), !project.isActive {
            throw ServiceError.projectDeleted(id)
        }
        let change = try PolicyChange(request)
        var bindings = try await store.policy(of: resource).bindings
        if let wanted = change.bindings {
            bindings = try await checked(wanted, for: resource)
        }
        do {
            let etag = change.etag.map { $0 == Self.emptyEtag ? Data() : $0 }
            return Self.message(try await store.setPolicy(bindings, of: resource, ifMatches: etag))
        } catch StoreError.conflict {
            throw ServiceError(
                .aborted,
                "There were concurrent policy changes. Please retry the whole read-modify-write with exponential "
                    + "backoff.")
        }
    }

    func test(
        _ resource: Resource, _ request: Google_Iam_V1_TestIamPermissionsRequest, _ call: Call
    ) async throws -> Google_Iam_V1_TestIamPermissionsResponse {
        guard request.permissions.count <= Self.maximumTested else {
            throw ServiceError.invalidArgument(
                "At most \(Self.maximumTested) permissions can be tested at a time.", field: "permissions")
        }
        let resource = try await known(resource)
        var held: [String] = []
        for (index, name) in request.permissions.enumerated() {
            guard Self.isPermission(name) else {
                throw ServiceError.invalidArgument(
                    "Permission '\(name.prefix(200))' is not valid: permissions are of the form "
                        + "service.resource.verb, without wildcards.",
                    field: "permissions[\(index)]")
            }
            let decision = try await call.gatekeeper.decide(call.principal(), Permission(name), on: resource)
            if decision.isAllowed { held.append(name) }
        }
        return .with { $0.permissions = held }
    }

    /// The resource by its id, when a request names it by number. One that does not exist stays as it is: it has
    /// no policy, and nobody has access to it.
    private func known(_ resource: Resource) async throws -> Resource {
        guard case .project(let idOrNumber) = resource else { return resource }
        return .project(try await store.project(idOrNumber)?.id ?? idOrNumber)
    }

    private func checked(_ wanted: [Binding], for resource: Resource) async throws -> [Binding] {
        let bindings: [Binding]
        do {
            bindings = try PolicyRules(roles: roles).canonical(wanted, for: resource)
        } catch {
            throw ServiceError.invalidPolicy(error)
        }
        for case .serviceAccount(let email)? in Set(bindings.flatMap(\.members)).map({ Member($0) })
        where try await store.serviceAccount(email) == nil {
            throw ServiceError.invalidArgument("Service account \(email) does not exist.", field: "policy.bindings")
        }
        if case .organization = resource, !bindings.contains(where: keepsAdministrator) {
            throw ServiceError.invalidArgument(
                "The policy of an organization must keep a member that may change it, such as one with "
                    + "roles/resourcemanager.organizationAdmin: nobody could grant anything again.",
                field: "policy.bindings")
        }
        return bindings
    }

    private func keepsAdministrator(_ binding: Binding) -> Bool {
        roles[binding.role]?.permissions.contains("resourcemanager.organizations.setIamPolicy") == true
            && binding.members.contains { !$0.hasPrefix("deleted:") }
    }

    static func checkVersion(_ version: Int32, field: String) throws {
        guard [0, 1, 3].contains(version) else {
            throw ServiceError.invalidArgument("Policy version \(version) is not valid: 0, 1 or 3.", field: field)
        }
    }

    private static func isPermission(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return name.utf8.count <= 200 && parts.count >= 3
            && parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { $0.isASCII && $0.isLetter || $0.isNumber }
            }
    }

    private static func message(_ policy: Policy) -> Google_Iam_V1_Policy {
        .with {
            guard !policy.etag.isEmpty else {
                $0.etag = emptyEtag
                return
            }
            $0.version = 1
            $0.etag = policy.etag
            $0.bindings = policy.bindings.map { binding in
                .with {
                    $0.role = binding.role
                    $0.members = binding.members
                }
            }
        }
    }
}

extension ServiceError {
    /// A policy that breaks a rule.
    static func invalidPolicy(_ error: PolicyError) -> ServiceError {
        var result = ServiceError.invalidArgument(error.message, field: error.field)
        if let reason = error.reason {
            let info = Google_Rpc_ErrorInfo.with {
                $0.reason = reason.rawValue
                $0.domain = ResourceManagerAPI.service
            }
            result.details.insert(info, at: 0)
        }
        return result
    }
}
