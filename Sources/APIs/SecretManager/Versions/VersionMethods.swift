import Access
import Directory
import FoundationEssentials
import Methods
import Requests
import Schema
import Secrets
import SwiftProtobuf

/// The versions of secrets: added, looked at, read and ended.
struct VersionMethods: Sendable {
    let secrets: StoredSecrets

    private static let name = SecretManagerAPI.name
    private static let path = "/v1/{name=projects/*/secrets/*/versions/*}"
    /// Of a value, in bytes.
    private static let longest = 64 << 10

    var methods: [any Method] {
        [
            add, list, get, access,
            change(
                "DisableSecretVersion", "disable", to: .disabled,
                Google_Cloud_Secretmanager_V1_DisableSecretVersionRequest.self),
            change(
                "EnableSecretVersion", "enable", to: .enabled,
                Google_Cloud_Secretmanager_V1_EnableSecretVersionRequest.self),
            change(
                "DestroySecretVersion", "destroy", to: .destroyed,
                Google_Cloud_Secretmanager_V1_DestroySecretVersionRequest.self),
        ]
    }

    private var add: any Method {
        UnaryMethod<
            Google_Cloud_Secretmanager_V1_AddSecretVersionRequest, Google_Cloud_Secretmanager_V1_SecretVersion
        >(
            "\(Self.name).AddSecretVersion", .post("/v1/{parent=projects/*/secrets/*}:addVersion", body: "*"),
            access: .onSecret("secretmanager.versions.add", "parent") { $0.parent }
        ) { request, call in
            let record = try secrets.secret(SecretName(request.parent, field: "parent"), at: call.time)
            let payload = request.payload
            guard (1...Self.longest).contains(payload.data.count) else {
                throw ServiceError.invalidArgument(
                    payload.data.isEmpty
                        ? "The secret payload cannot be empty." : "A secret payload has at most \(Self.longest) bytes.",
                    field: "payload.data")
            }
            guard !payload.hasDataCrc32C || payload.dataCrc32C == Int64(Checksum.crc32c(of: payload.data)) else {
                throw ServiceError.invalidArgument(
                    "The payload does not have the checksum that came with it: it was damaged on its way.",
                    field: "payload.data_crc32c")
            }
            let version = try await secrets.translating(record, "") {
                try await secrets.store.add(payload.data, to: record.uid, hadChecksum: payload.hasDataCrc32C)
            }
            return secrets.message(version, of: record)
        }
    }

    private var list: any Method {
        UnaryMethod<
            Google_Cloud_Secretmanager_V1_ListSecretVersionsRequest,
            Google_Cloud_Secretmanager_V1_ListSecretVersionsResponse
        >(
            "\(Self.name).ListSecretVersions", .get("/v1/{parent=projects/*/secrets/*}/versions"),
            access: .onSecret("secretmanager.versions.list", "parent") { $0.parent }
        ) { request, call in
            let record = try secrets.secret(SecretName(request.parent, field: "parent"), at: call.time)
            let state = try VersionFilter(request.filter).state
            let paging = try Paging(
                size: request.pageSize, token: request.pageToken, boundTo: [record.uid, request.filter],
                cursor: Int64.self, default: 250, maximum: 25_000)
            let found = try await secrets.store.versions(
                of: record.uid, in: state, before: paging.cursor, limit: paging.size + 1)
            let total = try await secrets.store.count(of: record.uid, in: state)
            let page = try paging.page(of: found, by: \.number)
            return .with {
                $0.versions = page.items.map { secrets.message($0, of: record) }
                $0.nextPageToken = page.nextToken
                $0.totalSize = Int32(clamping: total)
            }
        }
    }

    private var get: any Method {
        UnaryMethod<
            Google_Cloud_Secretmanager_V1_GetSecretVersionRequest, Google_Cloud_Secretmanager_V1_SecretVersion
        >(
            "\(Self.name).GetSecretVersion", .get(Self.path),
            access: .onVersion("secretmanager.versions.get") { $0.name }
        ) { request, call in
            let name = try SecretName(request.name, hasVersion: true, field: "name")
            let record = try secrets.secret(name, at: call.time)
            return secrets.message(try await secrets.version(name.version ?? "", of: record), of: record)
        }
    }

    private var access: any Method {
        UnaryMethod<
            Google_Cloud_Secretmanager_V1_AccessSecretVersionRequest,
            Google_Cloud_Secretmanager_V1_AccessSecretVersionResponse
        >(
            "\(Self.name).AccessSecretVersion", .get("\(Self.path):access"),
            access: .onVersion("secretmanager.versions.access") { $0.name }
        ) { request, call in
            let name = try SecretName(request.name, hasVersion: true, field: "name")
            let record = try secrets.secret(name, at: call.time)
            let (version, value) = try await secrets.value(name.version ?? "", of: record)
            return .with {
                $0.name = "\(secrets.name(of: record))/versions/\(version.number)"
                $0.payload.data = value
                $0.payload.dataCrc32C = Int64(Checksum.crc32c(of: value))
            }
        }
    }

    private func change<Request: VersionChange>(
        _ method: String, _ verb: String, to state: SecretVersion.State, _: Request.Type
    ) -> any Method {
        UnaryMethod<Request, Google_Cloud_Secretmanager_V1_SecretVersion>(
            "\(Self.name).\(method)", .post("\(Self.path):\(verb)", body: "*"),
            access: .onVersion(Permission("secretmanager.versions.\(verb)")) { $0.name }
        ) { request, call in
            let name = try SecretName(request.name, hasVersion: true, field: "name")
            let record = try secrets.secret(name, at: call.time)
            let text = name.version ?? ""
            // Aliases may be moved meanwhile: what ends a value names it by its number.
            guard let number = SecretName.number(text) else {
                throw ServiceError.invalidArgument(
                    "The version must be named by its number: only reading goes by 'latest' and aliases.",
                    field: "name")
            }
            let version = try await secrets.translating(record, text) {
                try await secrets.store.set(
                    state, of: number, of: record.uid, ifMatches: VersionEtag.revision(request.etag))
            }
            return secrets.message(version, of: record)
        }
    }
}

/// A request that changes the state of a version.
private protocol VersionChange: Message & Sendable {
    var name: String { get }
    var etag: String { get }
}

extension Google_Cloud_Secretmanager_V1_DisableSecretVersionRequest: VersionChange {}
extension Google_Cloud_Secretmanager_V1_EnableSecretVersionRequest: VersionChange {}
extension Google_Cloud_Secretmanager_V1_DestroySecretVersionRequest: VersionChange {}

/// The etag of a version, as a client hands it back.
private enum VersionEtag {
    /// Nil when the client gave none.
    ///
    /// - Throws: `SecretStoreError.changed` for what is none.
    static func revision(_ etag: String) throws -> Int64? {
        guard !etag.isEmpty else { return nil }
        guard let revision = Int64(etag.filter { $0 != "\"" }) else { throw SecretStoreError.changed }
        return revision
    }
}
