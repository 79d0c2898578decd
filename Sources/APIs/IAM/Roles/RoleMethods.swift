import Access
import Directory
import Methods
import Schema

/// `roles`, `projects.roles` and `organizations.roles`.
struct RoleMethods: Sendable {
    private static let inProject = "/v1/{name=projects/*/roles/*}"
    private static let inOrganization = "/v1/{name=organizations/*/roles/*}"

    let directory: Directory

    var methods: [any Method] { [list, get, create, update, delete, undelete] }

    private var changes: RoleChanges { RoleChanges(directory: directory) }

    private var list: any Method {
        UnaryMethod<Google_Iam_Admin_V1_ListRolesRequest, Google_Iam_Admin_V1_ListRolesResponse>(
            "\(IAMAPI.name).ListRoles", .get("/v1/roles"), .get("/v1/{parent=projects/*}/roles"),
            .get("/v1/{parent=organizations/*}/roles"),
            access: .byHandler("the predefined roles are everybody's, the custom ones their project's")
        ) { request, call in
            guard !request.parent.isEmpty else { return try RoleList(state: directory.state).predefined(request) }
            let parent = try RoleParent(request.parent)
            try await call.admit("iam.roles.list", on: parent.resource, service: IAMAPI.service)
            let state = directory.state
            return try RoleList(state: state).custom(of: parent.known(in: state), request, at: call.time)
        }
    }

    private var get: any Method {
        UnaryMethod<Google_Iam_Admin_V1_GetRoleRequest, Google_Iam_Admin_V1_Role>(
            "\(IAMAPI.name).GetRole", .get("/v1/{name=roles/*}"), .get(Self.inProject), .get(Self.inOrganization),
            access: .byHandler("the predefined roles are everybody's, the custom ones their project's")
        ) { request, call in
            if request.name.hasPrefix("roles/") {
                guard let role = RoleCatalog.predefined[request.name] else {
                    throw ServiceError(RoleError.notFound(request.name))
                }
                return .init(role, view: .full)
            }
            let name = try RoleName(request.name)
            try await call.admit("iam.roles.get", on: name.parent.resource, service: IAMAPI.service)
            let role = try name.role(in: directory.state)
            switch role.standing(at: call.time) {
            case .active, .deleted: return .init(role, view: .full)
            case .purging, .gone: throw ServiceError(RoleError.notFound(request.name))
            }
        }
    }

    private var create: any Method {
        UnaryMethod<Google_Iam_Admin_V1_CreateRoleRequest, Google_Iam_Admin_V1_Role>(
            "\(IAMAPI.name).CreateRole", .post("/v1/{parent=projects/*}/roles", body: "*"),
            .post("/v1/{parent=organizations/*}/roles", body: "*"),
            access: .permission("iam.roles.create", on: { try RoleParent($0.parent).resource }),
            handler: changes.create)
    }

    private var update: any Method {
        UnaryMethod<Google_Iam_Admin_V1_UpdateRoleRequest, Google_Iam_Admin_V1_Role>(
            "\(IAMAPI.name).UpdateRole", .patch(Self.inProject, body: "role"),
            .patch(Self.inOrganization, body: "role"),
            access: .onParentOfRole("iam.roles.update") { $0.name }
        ) { request, call in
            // The answer is what a get gives.
            let parent = try RoleName(request.name).parent
            try await call.admit("iam.roles.get", on: parent.resource, service: IAMAPI.service)
            return try await changes.update(request, call)
        }
    }

    private var delete: any Method {
        UnaryMethod<Google_Iam_Admin_V1_DeleteRoleRequest, Google_Iam_Admin_V1_Role>(
            "\(IAMAPI.name).DeleteRole", .delete(Self.inProject), .delete(Self.inOrganization),
            access: .onParentOfRole("iam.roles.delete") { $0.name }, handler: changes.delete)
    }

    private var undelete: any Method {
        UnaryMethod<Google_Iam_Admin_V1_UndeleteRoleRequest, Google_Iam_Admin_V1_Role>(
            "\(IAMAPI.name).UndeleteRole", .post("\(Self.inProject):undelete", body: "*"),
            .post("\(Self.inOrganization):undelete", body: "*"),
            access: .onParentOfRole("iam.roles.undelete") { $0.name }, handler: changes.undelete)
    }
}
