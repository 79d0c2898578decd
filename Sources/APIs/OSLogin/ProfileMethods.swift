import Access
import Directory
import Identity
import Methods
import Schema
import SwiftProtobuf

extension OSLoginAPI {
    var profileMethods: [any Methods.Method] { [getLoginProfile, importKey, deleteAccount] }

    private var getLoginProfile: any Methods.Method {
        UnaryMethod<Google_Cloud_Oslogin_V1_GetLoginProfileRequest, Google_Cloud_Oslogin_V1_LoginProfile>(
            "\(Self.name).GetLoginProfile", .get("/v1/{name=users/*}/loginProfile"), access: .ownProfile
        ) { request, call in
            let user = try user(request.name, field: "name", call)
            var message = message(of: user, call)
            if !request.projectID.isEmpty {
                let id = project(request.projectID)?.id
                message.posixAccounts.removeAll { $0.accountID != id }
            }
            if !request.systemID.isEmpty { message.posixAccounts.removeAll { $0.systemID != request.systemID } }
            return message
        }
    }

    private var importKey: any Methods.Method {
        UnaryMethod<
            Google_Cloud_Oslogin_V1_ImportSshPublicKeyRequest, Google_Cloud_Oslogin_V1_ImportSshPublicKeyResponse
        >(
            "\(Self.name).ImportSshPublicKey", .post("/v1/{parent=users/*}:importSshPublicKey", body: "ssh_public_key"),
            access: .ownProfile
        ) { request, call in
            let user = try user(request.parent, field: "parent", call)
            // REST clients that have no key to give send an empty one.
            let key = request.sshPublicKey == .init() ? nil : try GivenKey(request.sshPublicKey)
            let project = request.projectID.isEmpty ? nil : try await project(request.projectID, for: user, call)
            if let key { try await osLogin.change(profileOf: user) { _ = try key.put(in: &$0, at: call.time) } }
            if let project { _ = try await osLogin.account(of: user, in: project) }
            let message = message(of: user, call)
            return .with { $0.loginProfile = message }
        }
    }

    private var deleteAccount: any Methods.Method {
        UnaryMethod<Google_Cloud_Oslogin_V1_DeletePosixAccountRequest, Google_Protobuf_Empty>(
            "\(Self.name).DeletePosixAccount", .delete("/v1/{name=users/*/projects/*}"), access: .ownProfile
        ) { request, call in
            let name = try UserName(request.name, collection: "projects")
            let user = try own(name, call)
            let id = project(name.id)?.id ?? name.id
            let wasThere = try await osLogin.change(profileOf: user) { $0.removeAccount(inProject: id) }
            guard wasThere else {
                throw ServiceError.notFound("\(user.name) has no POSIX account in project '\(name.id.prefix(100))'.")
            }
            return Google_Protobuf_Empty()
        }
    }

    /// The project in which a user is to have an account.
    ///
    /// - Throws: `PERMISSION_DENIED` to those from outside of its organization who may not see the project, the same as
    ///   for one that does not exist, and to those who may see it and whom the organization does not let in.
    private func project(_ idOrNumber: String, for user: OSLoginUser, _ call: Call) async throws -> ProjectRecord {
        let state = directory.state
        let project = state.project(idOrNumber)
        let organization = project.flatMap { state.organization(above: $0.resource) }
        if let project, organization.map({ state.isMember(user.principal, of: $0) }) ?? true { return project }
        try await call.gatekeeper.admit(
            user.principal, "compute.projects.get", on: .project(idOrNumber), service: nil,
            in: RequestContext(time: call.time), record: call.record, orThrow: { .permissionDenied($0) })
        guard let project, let organization else {
            throw ServiceError.notFound("Project '\(idOrNumber.prefix(100))' was not found.")
        }
        try await call.require("compute.oslogin.updateExternalUser", on: organization.resource) { denial in
            .permissionDenied(denial, message: Self.externalUser)
        }
        return project
    }

    /// What OS Login says to people from outside of a project's organization.
    private static let externalUser =
        "Insufficient IAM permissions. The instance belongs to an external organization. You must be granted the "
        + "roles/compute.osLoginExternalUser IAM role on the external organization to configure POSIX account "
        + "information."
}
