import Access
import Directory
import Methods
import Schema
import SwiftProtobuf

/// `projects.serviceAccounts`, without keys and policies.
struct ServiceAccountMethods: Sendable {
    private static let path = "/v1/{name=projects/*/serviceAccounts/*}"

    let directory: Directory

    var methods: [any Method] {
        [create, get, list, patch, update, delete, undelete, enable, disable]
    }

    private var changes: AccountChanges { AccountChanges(directory: directory) }

    private var create: any Method {
        UnaryMethod<Google_Iam_Admin_V1_CreateServiceAccountRequest, Google_Iam_Admin_V1_ServiceAccount>(
            "\(IAMAPI.name).CreateServiceAccount", .post("/v1/{name=projects/*}/serviceAccounts", body: "*"),
            access: .permission("iam.serviceAccounts.create", on: { try ProjectName.resource($0.name, field: "name") }),
            handler: changes.create)
    }

    private var get: any Method {
        UnaryMethod<Google_Iam_Admin_V1_GetServiceAccountRequest, Google_Iam_Admin_V1_ServiceAccount>(
            "\(IAMAPI.name).GetServiceAccount", .get(Self.path),
            access: .onAccount("iam.serviceAccounts.get") { $0.name }
        ) { request, _ in .init(try directory.state.account(AccountName(request.name, field: "name"))) }
    }

    private var list: any Method {
        UnaryMethod<Google_Iam_Admin_V1_ListServiceAccountsRequest, Google_Iam_Admin_V1_ListServiceAccountsResponse>(
            "\(IAMAPI.name).ListServiceAccounts", .get("/v1/{name=projects/*}/serviceAccounts"),
            access: .permission("iam.serviceAccounts.list", on: { try ProjectName.resource($0.name, field: "name") })
        ) { request, _ in try AccountList(state: directory.state).page(request) }
    }

    private var patch: any Method {
        UnaryMethod<Google_Iam_Admin_V1_PatchServiceAccountRequest, Google_Iam_Admin_V1_ServiceAccount>(
            "\(IAMAPI.name).PatchServiceAccount",
            .patch("/v1/{service_account.name=projects/*/serviceAccounts/*}", body: "*"),
            access: .onAccount("iam.serviceAccounts.update", field: "service_account.name") { $0.serviceAccount.name }
        ) { request, call in
            let wanted = request.serviceAccount
            let mask = try Self.mask(request)
            let name = try AccountName(wanted.name, field: "service_account.name")
            // The answer is what a get gives.
            try await call.require("iam.serviceAccounts.get", on: directory.state.account(name).resource)
            return try await changes.rename(
                name,
                displayName: mask.contains("display_name") ? wanted.displayName : nil,
                description: mask.contains("description") ? wanted.description_p : nil)
        }
    }

    /// The deprecated way to change an account: all of it at once.
    private var update: any Method {
        UnaryMethod<Google_Iam_Admin_V1_ServiceAccount, Google_Iam_Admin_V1_ServiceAccount>(
            "\(IAMAPI.name).UpdateServiceAccount", .put(Self.path, body: "*"),
            access: .onAccount("iam.serviceAccounts.update") { $0.name }
        ) { request, _ in
            try await changes.rename(
                AccountName(request.name, field: "name"), displayName: request.displayName,
                description: request.description_p)
        }
    }

    private var delete: any Method {
        UnaryMethod<Google_Iam_Admin_V1_DeleteServiceAccountRequest, Google_Protobuf_Empty>(
            "\(IAMAPI.name).DeleteServiceAccount", .delete(Self.path),
            access: .onAccount("iam.serviceAccounts.delete") { $0.name }
        ) { request, call in
            try await changes.delete(AccountName(request.name, field: "name"), call)
            return .init()
        }
    }

    private var undelete: any Method {
        UnaryMethod<
            Google_Iam_Admin_V1_UndeleteServiceAccountRequest, Google_Iam_Admin_V1_UndeleteServiceAccountResponse
        >(
            "\(IAMAPI.name).UndeleteServiceAccount", .post("\(Self.path):undelete", body: "*"),
            access: .onAccount("iam.serviceAccounts.undelete") { $0.name }
        ) { request, call in
            let account = try await changes.undelete(AccountName(request.name, field: "name"), call)
            return .with { $0.restoredAccount = account }
        }
    }

    private var enable: any Method {
        UnaryMethod<Google_Iam_Admin_V1_EnableServiceAccountRequest, Google_Protobuf_Empty>(
            "\(IAMAPI.name).EnableServiceAccount", .post("\(Self.path):enable", body: "*"),
            access: .onAccount("iam.serviceAccounts.enable") { $0.name }
        ) { request, _ in
            try await changes.setDisabled(false, AccountName(request.name, field: "name"))
            return .init()
        }
    }

    private var disable: any Method {
        UnaryMethod<Google_Iam_Admin_V1_DisableServiceAccountRequest, Google_Protobuf_Empty>(
            "\(IAMAPI.name).DisableServiceAccount", .post("\(Self.path):disable", body: "*"),
            access: .onAccount("iam.serviceAccounts.disable") { $0.name }
        ) { request, _ in
            try await changes.setDisabled(true, AccountName(request.name, field: "name"))
            return .init()
        }
    }

    /// The fields that a patch changes: those of its mask, or those that are set where it has none.
    private static func mask(_ request: Google_Iam_Admin_V1_PatchServiceAccountRequest) throws -> Set<String> {
        let wanted = request.serviceAccount
        guard !request.updateMask.paths.isEmpty else {
            return Set(
                [("display_name", wanted.displayName), ("description", wanted.description_p)]
                    .filter { !$0.1.isEmpty }.map(\.0))
        }
        for path in request.updateMask.paths where !["display_name", "description"].contains(path) {
            throw ServiceError.invalidArgument(
                "The update mask names '\(path.prefix(100))': only display_name and description of a service account "
                    + "can be changed.", field: "update_mask")
        }
        return Set(request.updateMask.paths)
    }
}

extension AccessRule {
    /// A permission on a service account that the request names.
    ///
    /// - Parameter field: where it does.
    static func onAccount(
        _ permission: Permission, field: String = "name", _ name: @escaping @Sendable (Request) -> String
    ) -> AccessRule {
        .permission(permission, on: { try AccountName(name($0), field: field).resource })
    }
}
