import Access
import Directory
import FoundationEssentials
import Methods
import Schema

/// `getIamPolicy`, `setIamPolicy` and `testIamPermissions`, the same for everything that has a policy of its own.
public struct PolicyMethods: Sendable {
    /// Permissions that can be tested at a time.
    private static let maximumTested = 100

    private let directory: Directory
    private let service: String
    private let mustBeEnabled: Bool
    private let denied: @Sendable (Denial) -> ServiceError

    /// The methods of one API.
    ///
    /// - Parameters:
    ///   - directory: where policies are kept.
    ///   - service: the API's: `run.googleapis.com`.
    ///   - mustBeEnabled: whether the project must have enabled the service.
    ///   - denied: the API's words for a refusal.
    public init(
        directory: Directory, service: String, mustBeEnabled: Bool = false,
        denied: @escaping @Sendable (Denial) -> ServiceError = { ServiceError.permissionDenied($0) }
    ) {
        self.directory = directory
        self.service = service
        self.mustBeEnabled = mustBeEnabled
        self.denied = denied
    }

    /// The policy of a resource, after its row has checked access.
    func get(_ request: Google_Iam_V1_GetIamPolicyRequest, _ rows: Rows) async throws -> Google_Iam_V1_Policy {
        let requested = request.options.requestedPolicyVersion
        guard [0, 1, 3].contains(requested) else {
            throw ServiceError.invalidArgument(
                "Policy version \(requested) is not valid: 0, 1 or 3.", field: "options.requested_policy_version")
        }
        let state = directory.state
        let resource = try await existing(request.resource, rows, in: state).resource
        return .init(state.policy(of: resource).rendered(requestedVersion: Int(requested)))
    }

    /// Replaces the policy of a resource, when the caller may make the change that this is.
    func set(
        _ permission: Permission, _ request: Google_Iam_V1_SetIamPolicyRequest, _ rows: Rows, _ call: Call
    ) async throws -> Google_Iam_V1_Policy {
        let named = try rows.resource(request.resource)
        let change = try PolicyChange(request)
        let state = directory.state
        let before = state.policy(of: state.known(named))
        let modified = change.modifiedRoles(of: before)
        try await call.admit(
            permission, on: named, service: mustBeEnabled ? service : nil,
            in: RequestContext(time: call.time, modifiedGrants: modified), orThrow: denied)
        let target = try await existing(request.resource, rows, in: directory.state)
        do {
            let policy = try await directory.change { draft in
                let resource = try draft.state.existing(request.resource, rows)
                let present = draft.state.policy(of: resource)
                // Access was checked for the roles that were modified then.
                guard present == before || change.modifiedRoles(of: present) == modified else {
                    throw DirectoryError.conflict
                }
                let policy = try PolicyWriting(state: draft.state, service: service).policy(change, for: resource)
                return try draft.setPolicy(policy, of: resource, ifMatches: change.etag)
            }
            try await confirm(target, has: policy, rows)
            return .init((policy, policy.version))
        } catch DirectoryError.conflict {
            throw ServiceError(
                .aborted,
                "There were concurrent policy changes. Please retry the whole read-modify-write with exponential "
                    + "backoff.")
        }
    }

    /// What a policy is of.
    private struct Target {
        let resource: Resource
        let identity: String
    }

    /// The resource of a name, once access to it was found to be granted: whoever has it may know that there is none.
    private func existing(_ name: String, _ rows: Rows, in state: DirectoryState) async throws -> Target {
        let resource = try state.existing(name, rows)
        guard let identity = try await rows.identity(resource) else { throw rows.absent(name) }
        return Target(resource: resource, identity: identity)
    }

    /// Takes a policy back that was written for what went meanwhile: it must not hold for what is made under its name.
    ///
    /// - Throws: `DirectoryError.conflict`
    private func confirm(_ target: Target, has policy: Policy, _ rows: Rows) async throws {
        guard try await rows.identity(target.resource) != target.identity else { return }
        try await directory.change { draft in
            guard draft.state.policy(of: target.resource).etag == policy.etag else { return }
            try draft.removePolicy(of: target.resource)
        }
        throw DirectoryError.conflict
    }

    /// Which of some permissions the caller holds. None on a resource that does not exist.
    func test(
        _ request: Google_Iam_V1_TestIamPermissionsRequest, _ rows: Rows, _ call: Call
    ) async throws -> Google_Iam_V1_TestIamPermissionsResponse {
        guard request.permissions.count <= Self.maximumTested else {
            throw ServiceError.invalidArgument(
                "At most \(Self.maximumTested) permissions can be tested at a time.", field: "permissions")
        }
        let known = directory.state.known(try rows.resource(request.resource))
        var isThere = known.type != nil
        if isThere { isThere = try await rows.identity(known) != nil }
        var held: [String] = []
        for (index, name) in request.permissions.enumerated() {
            guard Self.isPermission(name) else {
                throw ServiceError.invalidArgument(
                    "Permission '\(name.prefix(200))' is not valid: permissions are of the form "
                        + "service.resource.verb, without wildcards.",
                    field: "permissions[\(index)]")
            }
            let permission = Permission(shortName: name) ?? Permission(name)
            if isThere, try await call.mayUse(permission, on: known) { held.append(name) }
        }
        return .with { $0.permissions = held }
    }

    private static func isPermission(_ name: String) -> Bool {
        if PermissionTable.known.id(of: Permission(name)) != nil { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return name.utf8.count <= 200 && parts.count >= 3
            && parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { $0.isASCII && $0.isLetter || $0.isNumber }
            }
    }
}

extension DirectoryState {
    /// The resource of a name, as far as the directory knows whether it exists.
    fileprivate func existing(_ name: String, _ rows: PolicyMethods.Rows) throws -> Resource {
        let resource = known(try rows.resource(name))
        guard resource.type != nil else { throw rows.absent(name) }
        return resource
    }
}
