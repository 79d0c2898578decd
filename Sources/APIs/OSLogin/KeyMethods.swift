import Directory
import Identity
import Methods
import Schema
import SwiftProtobuf

extension OSLoginAPI {
    var keyMethods: [any Methods.Method] { [createKey, getKey, updateKey, deleteKey] }

    private static let collection = "sshPublicKeys"

    private var createKey: any Methods.Method {
        UnaryMethod<Google_Cloud_Oslogin_V1_CreateSshPublicKeyRequest, Google_Cloud_Oslogin_Common_SshPublicKey>(
            "\(Self.name).CreateSshPublicKey", .post("/v1/{parent=users/*}/sshPublicKeys", body: "ssh_public_key"),
            access: .ownProfile
        ) { request, call in
            let user = try user(request.parent, field: "parent", call)
            let key = try GivenKey(request.sshPublicKey)
            let added = try await osLogin.change(profileOf: user) { profile in
                let (added, isNew) = try key.put(in: &profile, at: call.time)
                guard isNew else {
                    throw ServiceError.alreadyExists("The SSH public key '\(added.fingerprint)' exists already.")
                }
                return added
            }
            return .init(added, of: user)
        }
    }

    private var getKey: any Methods.Method {
        UnaryMethod<Google_Cloud_Oslogin_V1_GetSshPublicKeyRequest, Google_Cloud_Oslogin_Common_SshPublicKey>(
            "\(Self.name).GetSshPublicKey", .get("/v1/{name=users/*/sshPublicKeys/*}"), access: .ownProfile
        ) { request, call in
            let name = try UserName(request.name, collection: Self.collection)
            let user = try own(name, call)
            return .init(try osLogin.profile(of: user).existingKey(name.id, call), of: user)
        }
    }

    private var updateKey: any Methods.Method {
        UnaryMethod<Google_Cloud_Oslogin_V1_UpdateSshPublicKeyRequest, Google_Cloud_Oslogin_Common_SshPublicKey>(
            "\(Self.name).UpdateSshPublicKey", .patch("/v1/{name=users/*/sshPublicKeys/*}", body: "ssh_public_key"),
            access: .ownProfile
        ) { request, call in
            let name = try UserName(request.name, collection: Self.collection)
            let user = try own(name, call)
            try Self.check(request)
            let changed = try await osLogin.change(profileOf: user) { profile in
                var given = Google_Cloud_Oslogin_Common_SshPublicKey()
                given.key = try profile.existingKey(name.id, call).text
                given.expirationTimeUsec = request.sshPublicKey.expirationTimeUsec
                return try GivenKey(given).put(in: &profile, at: call.time).key
            }
            return .init(changed, of: user)
        }
    }

    private var deleteKey: any Methods.Method {
        UnaryMethod<Google_Cloud_Oslogin_V1_DeleteSshPublicKeyRequest, Google_Protobuf_Empty>(
            "\(Self.name).DeleteSshPublicKey", .delete("/v1/{name=users/*/sshPublicKeys/*}"), access: .ownProfile
        ) { request, call in
            let name = try UserName(request.name, collection: Self.collection)
            let user = try own(name, call)
            try await osLogin.change(profileOf: user) { profile in
                guard profile.removeKey(name.id, at: call.time) else { throw ServiceError.noKey(name.id) }
            }
            return Google_Protobuf_Empty()
        }
    }

    /// Another text would be another key: only the end of a key can be changed.
    private static func check(_ request: Google_Cloud_Oslogin_V1_UpdateSshPublicKeyRequest) throws {
        for path in request.updateMask.paths where path != "expiration_time_usec" && path != "*" {
            throw ServiceError.invalidArgument(
                "The update mask names '\(path.prefix(100))': only expiration_time_usec of a key can be changed.",
                field: "update_mask")
        }
    }
}

extension LoginProfileRecord {
    /// The key of a fingerprint.
    ///
    /// - Throws: `NOT_FOUND`
    fileprivate func existingKey(_ fingerprint: String, _ call: Call) throws -> Key {
        guard let key = key(fingerprint, at: call.time) else { throw ServiceError.noKey(fingerprint) }
        return key
    }
}

extension ServiceError {
    fileprivate static func noKey(_ fingerprint: String) -> ServiceError {
        .notFound("The SSH public key '\(fingerprint.prefix(100))' was not found.")
    }
}
