import Access
import Directory
import FoundationEssentials
import Identity
import Methods
import Schema
import SwiftProtobuf

/// `projects.serviceAccounts.keys`.
struct KeyMethods: Sendable {
    private static let account = "/v1/{name=projects/*/serviceAccounts/*}"
    private static let path = "/v1/{name=projects/*/serviceAccounts/*/keys/*}"

    let directory: Directory
    let systemKeys: SystemKeys
    let universe: String

    var methods: [any Method] { [list, get, create, upload, delete, enable, disable] }

    private var changes: KeyChanges { KeyChanges(directory: directory, universe: universe) }

    private var list: any Method {
        UnaryMethod<
            Google_Iam_Admin_V1_ListServiceAccountKeysRequest, Google_Iam_Admin_V1_ListServiceAccountKeysResponse
        >(
            "\(IAMAPI.name).ListServiceAccountKeys", .get("\(Self.account)/keys"),
            access: .onAccount("iam.serviceAccountKeys.list") { $0.name }
        ) { request, _ in
            let state = directory.state
            let account = try state.account(AccountName(request.name, field: "name"))
            let wanted = request.keyTypes.filter { $0 != .unspecified }
            var keys: [Google_Iam_Admin_V1_ServiceAccountKey] = []
            if wanted.isEmpty || wanted.contains(.userManaged) {
                keys += (state.serviceAccountKeys[account.uniqueID]?.keys ?? []).map { .init($0, of: account) }
            }
            if wanted.isEmpty || wanted.contains(.systemManaged) {
                keys += try await systemKeys.publicKeys(of: account.uniqueID).map { .init($0, of: account) }
            }
            return .with { $0.keys = keys }
        }
    }

    private var get: any Method {
        UnaryMethod<Google_Iam_Admin_V1_GetServiceAccountKeyRequest, Google_Iam_Admin_V1_ServiceAccountKey>(
            "\(IAMAPI.name).GetServiceAccountKey", .get(Self.path),
            access: .onAccountOfKey("iam.serviceAccountKeys.get") { $0.name }
        ) { request, _ in
            let name = try KeyName(request.name)
            let state = directory.state
            let account = try state.account(name.account)
            if let key = state.serviceAccountKeys[account.uniqueID]?.keys.first(where: { $0.id == name.id }) {
                let half = try PublicKey(
                    id: key.id, certificate: key.certificate, validity: key.validFrom..<key.validUntil)
                return Self.answer(.init(key, of: account), half, request.publicKeyType)
            }
            let held = try await systemKeys.publicKeys(of: account.uniqueID)
            guard let key = held.first(where: { $0.id == name.id }) else { throw ServiceError.noKey(name.id) }
            return Self.answer(.init(key, of: account), key, request.publicKeyType)
        }
    }

    private var create: any Method {
        UnaryMethod<Google_Iam_Admin_V1_CreateServiceAccountKeyRequest, Google_Iam_Admin_V1_ServiceAccountKey>(
            "\(IAMAPI.name).CreateServiceAccountKey", .post("\(Self.account)/keys", body: "*"),
            access: .onAccount("iam.serviceAccountKeys.create") { $0.name }, handler: changes.create)
    }

    private var upload: any Method {
        UnaryMethod<Google_Iam_Admin_V1_UploadServiceAccountKeyRequest, Google_Iam_Admin_V1_ServiceAccountKey>(
            "\(IAMAPI.name).UploadServiceAccountKey", .post("\(Self.account)/keys:upload", body: "*"),
            access: .onAccount("iam.serviceAccountKeys.create") { $0.name }, handler: changes.upload)
    }

    private var delete: any Method {
        UnaryMethod<Google_Iam_Admin_V1_DeleteServiceAccountKeyRequest, Google_Protobuf_Empty>(
            "\(IAMAPI.name).DeleteServiceAccountKey", .delete(Self.path),
            access: .onAccountOfKey("iam.serviceAccountKeys.delete") { $0.name }
        ) { request, _ in
            try await changes.delete(KeyName(request.name))
            return .init()
        }
    }

    private var enable: any Method {
        UnaryMethod<Google_Iam_Admin_V1_EnableServiceAccountKeyRequest, Google_Protobuf_Empty>(
            "\(IAMAPI.name).EnableServiceAccountKey", .post("\(Self.path):enable", body: "*"),
            access: .onAccountOfKey("iam.serviceAccountKeys.enable") { $0.name }
        ) { request, _ in
            try await changes.setDisabled(false, KeyName(request.name))
            return .init()
        }
    }

    private var disable: any Method {
        UnaryMethod<Google_Iam_Admin_V1_DisableServiceAccountKeyRequest, Google_Protobuf_Empty>(
            "\(IAMAPI.name).DisableServiceAccountKey", .post("\(Self.path):disable", body: "*"),
            access: .onAccountOfKey("iam.serviceAccountKeys.disable") { $0.name }
        ) { request, _ in
            try await changes.setDisabled(true, KeyName(request.name))
            return .init()
        }
    }

    /// A key with its public half in the form that was asked for.
    private static func answer(
        _ message: Google_Iam_Admin_V1_ServiceAccountKey, _ key: PublicKey,
        _ form: Google_Iam_Admin_V1_ServiceAccountPublicKeyType
    ) -> Google_Iam_Admin_V1_ServiceAccountKey {
        var answer = message
        switch form {
        case .typeX509PemFile: answer.publicKeyData = Data(key.certificate.utf8)
        case .typeRawPublicKey: answer.publicKeyData = Data(key.pem.utf8)
        case .typeNone, .UNRECOGNIZED: break
        }
        return answer
    }
}
