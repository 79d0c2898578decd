import Foundation
import Methods
import Schema

typealias WireRole = Google_Iam_Admin_V1_Role

/// Custom roles made, looked at, changed, deleted and taken up again.
extension Fixture {
    @discardableResult
    func createRole(
        _ id: String = "etl", in parent: String = "projects/demo", as email: String = "alice@example.com",
        _ permissions: [String] = ["batch.jobs.list"], daysLater: Double = 0
    ) async throws -> WireRole {
        try await call(
            "CreateRole",
            Google_Iam_Admin_V1_CreateRoleRequest.with {
                $0.parent = parent
                $0.roleID = id
                $0.role.title = "ETL"
                $0.role.stage = .ga
                $0.role.includedPermissions = permissions
            }, as: email, at: Date(timeIntervalSinceNow: daysLater * 86_400))
    }

    func role(_ name: String, as email: String = "alice@example.com", daysLater: Double = 0) async throws -> WireRole {
        try await call(
            "GetRole", Google_Iam_Admin_V1_GetRoleRequest.with { $0.name = name }, as: email,
            at: Date(timeIntervalSinceNow: daysLater * 86_400))
    }

    func update(_ role: WireRole, mask: [String] = []) async throws -> WireRole {
        try await call(
            "UpdateRole",
            Google_Iam_Admin_V1_UpdateRoleRequest.with {
                $0.name = role.name
                $0.role = role
                $0.updateMask.paths = mask
            })
    }

    @discardableResult
    func deleteRole(_ name: String, etag: Data = Data()) async throws -> WireRole {
        try await call(
            "DeleteRole",
            Google_Iam_Admin_V1_DeleteRoleRequest.with {
                $0.name = name
                $0.etag = etag
            })
    }

    @discardableResult
    func undeleteRole(_ name: String, daysLater: Double = 0) async throws -> WireRole {
        try await call(
            "UndeleteRole", Google_Iam_Admin_V1_UndeleteRoleRequest.with { $0.name = name },
            at: Date(timeIntervalSinceNow: daysLater * 86_400))
    }

    func roles(
        of parent: String = "", view: Google_Iam_Admin_V1_RoleView = .basic, size: Int32 = 0, after token: String = "",
        showDeleted: Bool = false, as email: String = "alice@example.com"
    ) async throws -> Google_Iam_Admin_V1_ListRolesResponse {
        try await call(
            "ListRoles",
            Google_Iam_Admin_V1_ListRolesRequest.with {
                $0.parent = parent
                $0.view = view
                $0.pageSize = size
                $0.pageToken = token
                $0.showDeleted = showDeleted
            }, as: email)
    }
}
