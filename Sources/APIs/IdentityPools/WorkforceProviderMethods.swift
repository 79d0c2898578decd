import Directory
import Methods
import Schema

/// `locations.workforcePools.providers`.
struct WorkforceProviderMethods: Sendable {
    let directory: Directory

    private static let family = PoolFamily.workforce

    var methods: [any Method] { [list, get, create, update, delete, undelete] }

    private var providers: ProviderChanges<Google_Iam_Admin_V1_WorkforcePoolProvider> { .init(directory: directory) }

    private var list: any Method {
        UnaryMethod<
            Google_Iam_Admin_V1_ListWorkforcePoolProvidersRequest,
            Google_Iam_Admin_V1_ListWorkforcePoolProvidersResponse
        >(
            "\(Self.family.methods).ListWorkforcePoolProviders", .get("\(Self.family.path("parent"))/providers"),
            access: .onProviders(Self.family, "list") { $0.parent }
        ) { request, call in
            let page = try providers.list(
                of: request.parent, size: request.pageSize, after: request.pageToken,
                withDeleted: request.showDeleted, call)
            return .with {
                $0.workforcePoolProviders = page.providers
                $0.nextPageToken = page.next
            }
        }
    }

    private var get: any Method {
        UnaryMethod<Google_Iam_Admin_V1_GetWorkforcePoolProviderRequest, Google_Iam_Admin_V1_WorkforcePoolProvider>(
            "\(Self.family.methods).GetWorkforcePoolProvider", .get(Self.family.providerPath()),
            access: .onProvider(Self.family, "get") { $0.name }
        ) { request, call in try providers.get(request.name, call) }
    }

    private var create: any Method {
        UnaryMethod<Google_Iam_Admin_V1_CreateWorkforcePoolProviderRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).CreateWorkforcePoolProvider",
            .post("\(Self.family.path("parent"))/providers", body: "workforce_pool_provider"),
            access: .onProviders(Self.family, "create") { $0.parent }
        ) { request, call in
            try await providers.create(
                request.workforcePoolProvider, id: request.workforcePoolProviderID, of: request.parent, call)
        }
    }

    private var update: any Method {
        UnaryMethod<Google_Iam_Admin_V1_UpdateWorkforcePoolProviderRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).UpdateWorkforcePoolProvider",
            .patch(Self.family.providerPath("workforce_pool_provider.name"), body: "workforce_pool_provider"),
            access: .onProvider(Self.family, "update", field: "workforce_pool_provider.name") {
                $0.workforcePoolProvider.name
            }
        ) { request, call in
            try await providers.update(
                request.workforcePoolProvider, PoolRules.paths(of: request.updateMask), call)
        }
    }

    private var delete: any Method {
        UnaryMethod<Google_Iam_Admin_V1_DeleteWorkforcePoolProviderRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).DeleteWorkforcePoolProvider", .delete(Self.family.providerPath()),
            access: .onProvider(Self.family, "delete") { $0.name }
        ) { request, call in try await providers.delete(request.name, call) }
    }

    private var undelete: any Method {
        UnaryMethod<Google_Iam_Admin_V1_UndeleteWorkforcePoolProviderRequest, Google_Longrunning_Operation>(
            "\(Self.family.methods).UndeleteWorkforcePoolProvider",
            .post("\(Self.family.providerPath()):undelete", body: "*"),
            access: .onProvider(Self.family, "undelete") { $0.name }
        ) { request, call in try await providers.undelete(request.name, call) }
    }
}
