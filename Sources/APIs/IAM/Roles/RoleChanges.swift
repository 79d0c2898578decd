import Access
import Directory
import FoundationEssentials
import Methods
import Schema

/// Makes custom roles, changes them, deletes them and takes them up again.
struct RoleChanges: Sendable {
    let directory: Directory
    private let rules = CustomRoleRules()

    init(directory: Directory) {
        self.directory = directory
    }

    func create(
        _ request: Google_Iam_Admin_V1_CreateRoleRequest, _ call: Call
    ) async throws -> Google_Iam_Admin_V1_Role {
        let parent = try RoleParent(request.parent)
        return try await directory.change { [rules] draft in
            let parent = try parent.known(in: draft.state)
            try draft.forgetRoles(of: parent, at: call.time)
            do {
                let role = try rules.create(
                    CustomRole.Name(parent, request.roleID), request.role.fields,
                    siblings: draft.state.customRoles(of: parent), etag: Etag.random(), at: call.time)
                try draft.put(role)
                return .init(role, view: .full)
            } catch let error as RoleError {
                throw ServiceError(error)
            }
        }
    }

    func update(
        _ request: Google_Iam_Admin_V1_UpdateRoleRequest, _ call: Call
    ) async throws -> Google_Iam_Admin_V1_Role {
        try await change(request.name) { [rules] role in
            let fields = try request.role.fields.masked(by: request.updateMask.paths)
            return try rules.patch(
                role, fields, ifMatches: request.role.etag, etag: Etag.random(), at: call.time)
        }
    }

    func delete(
        _ request: Google_Iam_Admin_V1_DeleteRoleRequest, _ call: Call
    ) async throws -> Google_Iam_Admin_V1_Role {
        try await change(request.name) { [rules] role in
            try rules.delete(role, ifMatches: request.etag, etag: Etag.random(), at: call.time)
        }
    }

    func undelete(
        _ request: Google_Iam_Admin_V1_UndeleteRoleRequest, _ call: Call
    ) async throws -> Google_Iam_Admin_V1_Role {
        try await change(request.name) { [rules] role in
            try rules.undelete(role, ifMatches: request.etag, etag: Etag.random(), at: call.time)
        }
    }

    private func change(
        _ name: String, _ body: @escaping @Sendable (CustomRole) throws -> CustomRole
    ) async throws -> Google_Iam_Admin_V1_Role {
        let name = try RoleName(name)
        return try await directory.change { draft in
            do {
                let role = try body(name.role(in: draft.state))
                try draft.put(role)
                return .init(role, view: .full)
            } catch let error as RoleError {
                throw ServiceError(error)
            }
        }
    }
}
