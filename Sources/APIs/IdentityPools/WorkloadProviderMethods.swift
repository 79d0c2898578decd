import Directory
import Methods
import Schema

/// `projects.locations.workloadIdentityPools.providers`.
struct WorkloadProviderMethods: Sendable {
    let directory: Directory

    private static let family = PoolFamily.workload

    var methods: [any Method] { [list, get, create, update, delete, undelete] }

    private var providers: ProviderChanges<Google_Iam_V1_WorkloadIdentityPoolProvider> { .init(directory: directory) }

    private var list: any Method {
        UnaryMethod<
            Google_Iam_V1_ListWorkloadIdentityPoolProvidersRequest,
            Google_Iam_V1_ListWorkloadIdentityPoolProvidersResponse
        >(
            "\(Self.family.methods).ListWorkloadIdentityPoolProviders", .get("\(Self.family.path("parent"))/providers"),
            access: .onProviders(Self.family, "list") { $0.parent }
        ) { request, call in
            let page = try providers.list(
                of: request.parent, size: request.pageSize, after: request.pageToken,
                withDeleted: request.showDeleted, call)
            return .with {
                $0.workloadIdentityPoolProviders = page.providers
                $0.nextPageToken = page.next
            }
        }
    }

    private var get: any Method {
        UnaryMethod<Google_Iam_V1_GetWorkloadIdentityPoolProviderRequest, Google_Iam_V1_WorkloadIdentityPoolProvider>(
            "\(Self.family.methods).GetWorkloadIdentityPoolProvider", .get(Self.family.providerPath()),
            access: .onProvider(Self.family, "get") { $0.name }
        ) { request, call in try providers.get(request.name, call) }
    }

    private var create: any Method {
        UnaryMethod<Google_Iam_V1_CreateWorkloadIdentityPoolProviderRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).CreateWorkloadIdentityPoolProvider",
            .post("\(Self.family.path("parent"))/providers", body: "workload_identity_pool_provider"),
            access: .onProviders(Self.family, "create") { $0.parent }
        ) { request, call in
            try await providers.create(
                request.workloadIdentityPoolProvider, id: request.workloadIdentityPoolProviderID, of: request.parent,
                call)
        }
    }

    private var update: any Method {
        UnaryMethod<Google_Iam_V1_UpdateWorkloadIdentityPoolProviderRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).UpdateWorkloadIdentityPoolProvider",
            .patch(
                Self.family.providerPath("workload_identity_pool_provider.name"),
                body: "workload_identity_pool_provider"),
            access: .onProvider(Self.family, "update", field: "workload_identity_pool_provider.name") {
                $0.workloadIdentityPoolProvider.name
            }
        ) { request, call in
            try await providers.update(
                request.workloadIdentityPoolProvider, PoolRules.paths(of: request.updateMask), call)
        }
    }

    private var delete: any Method {
        UnaryMethod<Google_Iam_V1_DeleteWorkloadIdentityPoolProviderRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).DeleteWorkloadIdentityPoolProvider", .delete(Self.family.providerPath()),
            access: .onProvider(Self.family, "delete") { $0.name }
        ) { request, call in try await providers.delete(request.name, call) }
    }

    private var undelete: any Method {
        UnaryMethod<Google_Iam_V1_UndeleteWorkloadIdentityPoolProviderRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).UndeleteWorkloadIdentityPoolProvider",
            .post("\(Self.family.providerPath()):undelete", body: "*"),
            access: .onProvider(Self.family, "undelete") { $0.name }
        ) { request, call in try await providers.undelete(request.name, call) }
    }
}
