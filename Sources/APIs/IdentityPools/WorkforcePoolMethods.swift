import Access
import Directory
import Methods
import Schema

/// `locations.workforcePools`, without policies.
struct WorkforcePoolMethods: Sendable {
    let directory: Directory

    private static let family = PoolFamily.workforce

    var methods: [any Method] { [list, get, create, update, delete, undelete] }

    private var pools: PoolChanges<Google_Iam_Admin_V1_WorkforcePool> { .init(directory: directory) }

    private var list: any Method {
        UnaryMethod<Google_Iam_Admin_V1_ListWorkforcePoolsRequest, Google_Iam_Admin_V1_ListWorkforcePoolsResponse>(
            "\(Self.family.methods).ListWorkforcePools", .get("/v1/{location=locations/*}/workforcePools"),
            access: .permission(Self.family.permission("list"), on: { try Self.parent($0) })
        ) { request, call in
            let page = try pools.list(
                in: Self.parent(request), size: request.pageSize, after: request.pageToken,
                withDeleted: request.showDeleted, call)
            return .with {
                $0.workforcePools = page.pools
                $0.nextPageToken = page.next
            }
        }
    }

    private var get: any Method {
        UnaryMethod<Google_Iam_Admin_V1_GetWorkforcePoolRequest, Google_Iam_Admin_V1_WorkforcePool>(
            "\(Self.family.methods).GetWorkforcePool", .get(Self.family.path()),
            access: .onPool(Self.family, "get") { $0.name }
        ) { request, call in try pools.get(request.name, call) }
    }

    private var create: any Method {
        UnaryMethod<Google_Iam_Admin_V1_CreateWorkforcePoolRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).CreateWorkforcePool",
            .post("/v1/{location=locations/*}/workforcePools", body: "workforce_pool"),
            access: .permission(Self.family.permission("create"), on: { try Self.parent($0) })
        ) { request, call in
            try await pools.create(
                request.workforcePool, id: request.workforcePoolID, in: Self.parent(request), call)
        }
    }

    private var update: any Method {
        UnaryMethod<Google_Iam_Admin_V1_UpdateWorkforcePoolRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).UpdateWorkforcePool",
            .patch(Self.family.path("workforce_pool.name"), body: "workforce_pool"),
            access: .onPool(Self.family, "update", field: "workforce_pool.name") { $0.workforcePool.name }
        ) { request, call in
            try await pools.update(request.workforcePool, PoolRules.paths(of: request.updateMask), call)
        }
    }

    private var delete: any Method {
        UnaryMethod<Google_Iam_Admin_V1_DeleteWorkforcePoolRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).DeleteWorkforcePool", .delete(Self.family.path()),
            access: .onPool(Self.family, "delete") { $0.name }
        ) { request, call in try await pools.delete(request.name, call) }
    }

    private var undelete: any Method {
        UnaryMethod<Google_Iam_Admin_V1_UndeleteWorkforcePoolRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).UndeleteWorkforcePool", .post("\(Self.family.path()):undelete", body: "*"),
            access: .onPool(Self.family, "undelete") { $0.name }
        ) { request, call in try await pools.undelete(request.name, call) }
    }

    private static func parent(_ request: Google_Iam_Admin_V1_ListWorkforcePoolsRequest) throws -> Resource {
        try PoolParent.organization(request.parent, location: request.location, field: "parent")
    }

    private static func parent(_ request: Google_Iam_Admin_V1_CreateWorkforcePoolRequest) throws -> Resource {
        try PoolParent.organization(
            request.workforcePool.parent, location: request.location, field: "workforce_pool.parent")
    }
}
