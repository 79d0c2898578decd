import Directory
import Methods
import Schema

/// `projects.locations.workloadIdentityPools`, without policies.
struct WorkloadPoolMethods: Sendable {
    let directory: Directory

    private static let family = PoolFamily.workload

    var methods: [any Method] { [list, get, create, update, delete, undelete] }

    private var pools: PoolChanges<Google_Iam_V1_WorkloadIdentityPool> { .init(directory: directory) }

    private var list: any Method {
        UnaryMethod<Google_Iam_V1_ListWorkloadIdentityPoolsRequest, Google_Iam_V1_ListWorkloadIdentityPoolsResponse>(
            "\(Self.family.methods).ListWorkloadIdentityPools",
            .get("/v1/{parent=projects/*/locations/*}/workloadIdentityPools"),
            access: .permission(Self.family.permission("list"), on: { try PoolParent.location($0.parent) })
        ) { request, call in
            let page = try pools.list(
                in: PoolParent.location(request.parent), size: request.pageSize, after: request.pageToken,
                withDeleted: request.showDeleted, call)
            return .with {
                $0.workloadIdentityPools = page.pools
                $0.nextPageToken = page.next
            }
        }
    }

    private var get: any Method {
        UnaryMethod<Google_Iam_V1_GetWorkloadIdentityPoolRequest, Google_Iam_V1_WorkloadIdentityPool>(
            "\(Self.family.methods).GetWorkloadIdentityPool", .get(Self.family.path()),
            access: .onPool(Self.family, "get") { $0.name }
        ) { request, call in try pools.get(request.name, call) }
    }

    private var create: any Method {
        UnaryMethod<Google_Iam_V1_CreateWorkloadIdentityPoolRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).CreateWorkloadIdentityPool",
            .post("/v1/{parent=projects/*/locations/*}/workloadIdentityPools", body: "workload_identity_pool"),
            access: .permission(Self.family.permission("create"), on: { try PoolParent.location($0.parent) })
        ) { request, call in
            try await pools.create(
                request.workloadIdentityPool, id: request.workloadIdentityPoolID,
                in: PoolParent.location(request.parent), call)
        }
    }

    private var update: any Method {
        UnaryMethod<Google_Iam_V1_UpdateWorkloadIdentityPoolRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).UpdateWorkloadIdentityPool",
            .patch(Self.family.path("workload_identity_pool.name"), body: "workload_identity_pool"),
            access: .onPool(Self.family, "update", field: "workload_identity_pool.name") {
                $0.workloadIdentityPool.name
            }
        ) { request, call in
            try await pools.update(request.workloadIdentityPool, PoolRules.paths(of: request.updateMask), call)
        }
    }

    private var delete: any Method {
        UnaryMethod<Google_Iam_V1_DeleteWorkloadIdentityPoolRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).DeleteWorkloadIdentityPool", .delete(Self.family.path()),
            access: .onPool(Self.family, "delete") { $0.name }
        ) { request, call in try await pools.delete(request.name, call) }
    }

    private var undelete: any Method {
        UnaryMethod<Google_Iam_V1_UndeleteWorkloadIdentityPoolRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).UndeleteWorkloadIdentityPool", .post("\(Self.family.path()):undelete", body: "*"),
            access: .onPool(Self.family, "undelete") { $0.name }
        ) { request, call in try await pools.undelete(request.name, call) }
    }
}

extension AccessRule {
    /// A permission on a pool that the request names.
    ///
    /// - Parameter field: where it does.
    static func onPool(
        _ family: PoolFamily, _ verb: String, field: String = "name", _ name: @escaping @Sendable (Request) -> String
    ) -> AccessRule {
        .permission(family.permission(verb), on: { try PoolName(name($0), family, field: field).resource })
    }

    /// A permission on a provider that the request names.
    static func onProvider(
        _ family: PoolFamily, _ verb: String, field: String = "name", _ name: @escaping @Sendable (Request) -> String
    ) -> AccessRule {
        .permission(
            family.providerPermission(verb), on: { try ProviderReference(name($0), family, field: field).resource })
    }

    /// A permission on the providers of a pool that the request names as their parent.
    static func onProviders(
        _ family: PoolFamily, _ verb: String, _ pool: @escaping @Sendable (Request) -> String
    ) -> AccessRule {
        .permission(
            family.providerPermission(verb), on: { try PoolName(pool($0), family, field: "parent").resource })
    }
}
