import Access
import Directory
import Methods
import Schema

/// What can be granted on a resource, what custom roles can be made of, and whose calls can be logged.
struct RoleQueries: Sendable {
    private static let usualPage = 100
    private static let longestPage = 1000

    let directory: Directory
    /// The services whose calls leave audit entries.
    let auditableServices: [String]

    var methods: [any Method] { [grantableRoles, testablePermissions, servicesToAudit] }

    private var grantableRoles: any Method {
        UnaryMethod<Google_Iam_Admin_V1_QueryGrantableRolesRequest, Google_Iam_Admin_V1_QueryGrantableRolesResponse>(
            "\(IAMAPI.name).QueryGrantableRoles", .post("/v1/roles:queryGrantableRoles", body: "*"),
            access: .byHandler("the permission depends on the type of the resource")
        ) { request, call in
            let name = try FullResourceName(request.fullResourceName)
            try await call.admit(name.policyPermission, on: name.resource, service: IAMAPI.service)
            return try RoleList(state: directory.state).grantable(on: name, request)
        }
    }

    private var testablePermissions: any Method {
        UnaryMethod<
            Google_Iam_Admin_V1_QueryTestablePermissionsRequest, Google_Iam_Admin_V1_QueryTestablePermissionsResponse
        >(
            "\(IAMAPI.name).QueryTestablePermissions", .post("/v1/permissions:queryTestablePermissions", body: "*"),
            access: .anyCaller("the answer is the same for all resources of a type")
        ) { request, _ in
            let name = try FullResourceName(request.fullResourceName)
            let scope = ["testable", name.type.rawValue]
            let last = try PageToken.read(request.pageToken, scope: scope) ?? ""
            let limit = try PageSize.read(request.pageSize, default: Self.usualPage, maximum: Self.longestPage)
            let rest = PermissionTable.known.testable(on: name.type).drop { $0.permission.name <= last }
            let page = rest.prefix(limit)
            let next = rest.count > limit ? page.last?.permission.name : nil
            return try .with {
                $0.permissions = page.map(Google_Iam_Admin_V1_Permission.init)
                $0.nextPageToken = try next.map { try PageToken.make(after: $0, scope: scope) } ?? ""
            }
        }
    }

    private var servicesToAudit: any Method {
        UnaryMethod<
            Google_Iam_Admin_V1_QueryAuditableServicesRequest, Google_Iam_Admin_V1_QueryAuditableServicesResponse
        >(
            "\(IAMAPI.name).QueryAuditableServices", .post("/v1/iamPolicies:queryAuditableServices", body: "*"),
            access: .anyCaller("the answer is the same for all resources")
        ) { request, _ in
            _ = try FullResourceName(request.fullResourceName)
            return .with { $0.services = auditableServices.map { service in .with { $0.name = service } } }
        }
    }
}

extension Google_Iam_Admin_V1_Permission {
    fileprivate init(_ permission: KnownPermission) {
        self.init()
        name = permission.permission.name
        title = permission.title
        stage = .ga
        customRolesSupportLevel =
            switch permission.customRoles {
            case .supported: .supported
            case .testing: .testing
            case .notSupported: .notSupported
            }
    }
}
