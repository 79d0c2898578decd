import Access
import Directory
import DirectorySupport
import Foundation
import Identity
import Methods
import OSLoginAPI
import Schema
import SwiftProtobuf
import Testing

typealias Profile = Google_Cloud_Oslogin_V1_LoginProfile
typealias Key = Google_Cloud_Oslogin_Common_SshPublicKey

/// Calls the methods of the API by their rows, in a directory with the projects `demo` and `other` of example.com.
struct OSLoginCalls: Sendable {
    static let now = Date(timeIntervalSince1970: 1_000)

    let directory: Directory
    var caller = Principal.user("alice@example.com")
    var time = now

    init() async throws {
        directory = try await Directory.ofExample()
        try await directory.addProject("demo", number: "123456789012")
        try await directory.addProject("other", number: "123456789013")
    }

    /// The same as somebody else.
    func `as`(_ principal: Principal) -> OSLoginCalls {
        var calls = self
        calls.caller = principal
        return calls
    }

    /// The same, some seconds later.
    func later(_ seconds: Double) -> OSLoginCalls {
        var calls = self
        calls.time += seconds
        return calls
    }

    /// A line that is a key, and no other's.
    static func line(_ comment: String) -> String {
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f \(comment)"
    }

    private func call<Request: Message, Response: Message>(
        _ name: String, _ request: Request, _: Response.Type = Response.self
    ) async throws -> Response {
        let rows = OSLoginAPI.api(directory: directory, osLogin: OSLogin(directory: directory)).methods
        let row = try #require(rows.first { $0.name == "google.cloud.oslogin.v1.OsLoginService.\(name)" })
        let method = try #require(row as? UnaryMethod<Request, Response>)
        let caller = Caller(principal: caller, expiresAt: .distantFuture)
        let gatekeeper = DirectoryGatekeeper(directory: directory)
        return try await method.handler(
            request, Call(caller: caller, method: row.name, host: "", time: time, gatekeeper: gatekeeper))
    }

    func profile(
        of user: String = "alice@example.com", project: String = "", system: String = ""
    ) async throws -> Profile {
        try await call(
            "GetLoginProfile",
            Google_Cloud_Oslogin_V1_GetLoginProfileRequest.with {
                $0.name = "users/\(user)"
                $0.projectID = project
                $0.systemID = system
            })
    }

    /// Imports a key, or none, and makes an account in a project, or in none.
    func importKey(
        _ text: String? = nil, end: Int64 = 0, project: String = "", user: String = "alice@example.com"
    ) async throws -> Profile {
        try await call(
            "ImportSshPublicKey",
            Google_Cloud_Oslogin_V1_ImportSshPublicKeyRequest.with {
                $0.parent = "users/\(user)"
                $0.projectID = project
                if let text { $0.sshPublicKey = Self.key(text, end) }
            }, Google_Cloud_Oslogin_V1_ImportSshPublicKeyResponse.self
        ).loginProfile
    }

    func create(_ text: String, end: Int64 = 0, user: String = "alice@example.com") async throws -> Key {
        try await call(
            "CreateSshPublicKey",
            Google_Cloud_Oslogin_V1_CreateSshPublicKeyRequest.with {
                $0.parent = "users/\(user)"
                $0.sshPublicKey = Self.key(text, end)
            })
    }

    func get(_ name: String) async throws -> Key {
        try await call("GetSshPublicKey", Google_Cloud_Oslogin_V1_GetSshPublicKeyRequest.with { $0.name = name })
    }

    func update(_ name: String, end: Int64, mask: [String] = ["expiration_time_usec"]) async throws -> Key {
        try await call(
            "UpdateSshPublicKey",
            Google_Cloud_Oslogin_V1_UpdateSshPublicKeyRequest.with {
                $0.name = name
                $0.sshPublicKey = Self.key("", end)
                $0.updateMask.paths = mask
            })
    }

    func delete(_ name: String) async throws {
        let _: Google_Protobuf_Empty = try await call(
            "DeleteSshPublicKey", Google_Cloud_Oslogin_V1_DeleteSshPublicKeyRequest.with { $0.name = name })
    }

    func deleteAccount(_ name: String) async throws {
        let _: Google_Protobuf_Empty = try await call(
            "DeletePosixAccount", Google_Cloud_Oslogin_V1_DeletePosixAccountRequest.with { $0.name = name })
    }

    private static func key(_ text: String, _ end: Int64) -> Key {
        .with {
            $0.key = text
            $0.expirationTimeUsec = end
        }
    }
}

extension ServiceError {
    /// The fields that it names.
    var fields: [String] {
        details.compactMap { $0 as? Google_Rpc_BadRequest }.flatMap { $0.fieldViolations.map(\.field) }
    }
}
