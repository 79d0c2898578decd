import Access
import Directory
import FoundationEssentials
import Methods
import Requests
import Schema
import SwiftProtobuf

/// Secrets: made, looked at, changed and removed.
struct SecretMethods: Sendable {
    let secrets: StoredSecrets

    private static let name = SecretManagerAPI.name
    private static let path = "/v1/{name=projects/*/secrets/*}"
    /// What a page holds before it ends: annotations can be long.
    private static let mostBytes = 3 << 20
    private static let changeable: Set = [
        "labels", "annotations", "version_aliases", "expire_time", "ttl", "expiration",
    ]

    var methods: [any Method] { [list, create, get, update, delete] }

    private var list: any Method {
        UnaryMethod<
            Google_Cloud_Secretmanager_V1_ListSecretsRequest, Google_Cloud_Secretmanager_V1_ListSecretsResponse
        >(
            "\(Self.name).ListSecrets", .get("/v1/{parent=projects/*}/secrets"),
            access: .permission("secretmanager.secrets.list", on: { try Self.project($0.parent) })
        ) { request, call in
            let project = try StoredSecrets.project(
                Self.project(request.parent).project ?? "", in: secrets.directory.state)
            let filter = try SecretFilter(request.filter)
            let all = secrets.secrets(of: project, at: call.time).filter(filter.matches)
            let scope = [project.id, request.filter]
            let page = try ListPage(
                all, by: \.key, size: request.pageSize, default: 250, maximum: 25_000, token: request.pageToken,
                scope: scope)
            var response = Google_Cloud_Secretmanager_V1_ListSecretsResponse()
            response.totalSize = Int32(clamping: all.count)
            response.nextPageToken = page.nextToken
            var bytes = 0
            for record in page.items {
                let message = secrets.message(record)
                response.secrets.append(message)
                bytes += (try message.serializedBytes() as [UInt8]).count
                guard bytes < Self.mostBytes || response.secrets.count == page.items.count else {
                    response.nextPageToken = try PageToken.make(after: record.key, scope: scope)
                    break
                }
            }
            return response
        }
    }

    private var create: any Method {
        UnaryMethod<Google_Cloud_Secretmanager_V1_CreateSecretRequest, Google_Cloud_Secretmanager_V1_Secret>(
            "\(Self.name).CreateSecret", .post("/v1/{parent=projects/*}/secrets", body: "secret"),
            access: .permission("secretmanager.secrets.create", on: { try Self.project($0.parent) })
        ) { request, call in
            try SecretName.check(id: request.secretID, field: "secret_id")
            try SecretFields.checkReplication(request.secret)
            guard request.secret.versionAliases.isEmpty else {
                throw ServiceError.invalidArgument(
                    "A secret without versions has no aliases.", field: "secret.version_aliases")
            }
            let record = try await secrets.create(
                SecretFields(request.secret, at: call.time), id: request.secretID,
                in: Self.project(request.parent).project ?? "", at: call.time)
            return secrets.message(record)
        }
    }

    private var get: any Method {
        UnaryMethod<Google_Cloud_Secretmanager_V1_GetSecretRequest, Google_Cloud_Secretmanager_V1_Secret>(
            "\(Self.name).GetSecret", .get(Self.path),
            access: .onSecret("secretmanager.secrets.get", "name") { $0.name }
        ) { request, call in
            try secrets.message(secrets.secret(SecretName(request.name, field: "name"), at: call.time))
        }
    }

    private var update: any Method {
        UnaryMethod<Google_Cloud_Secretmanager_V1_UpdateSecretRequest, Google_Cloud_Secretmanager_V1_Secret>(
            "\(Self.name).UpdateSecret", .patch("/v1/{secret.name=projects/*/secrets/*}", body: "secret"),
            access: .onSecret("secretmanager.secrets.update", "secret.name") { $0.secret.name }
        ) { request, call in
            let name = try SecretName(request.secret.name, field: "secret.name")
            let mask = Set(request.updateMask.paths)
            guard !mask.isEmpty else {
                throw ServiceError.invalidArgument("The update mask is missing.", field: "update_mask")
            }
            if let stranger = mask.first(where: { !Self.changeable.contains($0) }) {
                throw ServiceError.invalidArgument(
                    "The update mask names '\(stranger.prefix(100))': only labels, annotations, version_aliases, "
                        + "expire_time and ttl of a secret can be changed.",
                    field: "update_mask")
            }
            let fields = try SecretFields(request.secret, at: call.time)
            if mask.contains("version_aliases") {
                try await checkVersions(of: fields.aliases, of: secrets.secret(name, at: call.time))
            }
            let record = try await secrets.update(name, ifMatches: request.secret.etag, at: call.time) { record in
                if mask.contains("labels") { record.labels = fields.labels }
                if mask.contains("annotations") { record.annotations = fields.annotations }
                if mask.contains("version_aliases") { record.aliases = fields.aliases }
                if !mask.isDisjoint(with: ["expire_time", "ttl", "expiration"]) {
                    record.expiresAt = fields.expiresAt
                }
            }
            return secrets.message(record)
        }
    }

    private func checkVersions(of aliases: [String: Int64], of record: SecretRecord) async throws {
        for number in Set(aliases.values).sorted() {
            _ = try await secrets.translating(record, "\(number)") {
                try await secrets.store.version(number, of: record.uid)
            }
        }
    }

    private var delete: any Method {
        UnaryMethod<Google_Cloud_Secretmanager_V1_DeleteSecretRequest, Google_Protobuf_Empty>(
            "\(Self.name).DeleteSecret", .delete(Self.path),
            access: .onSecret("secretmanager.secrets.delete", "name") { $0.name }
        ) { request, call in
            try await secrets.delete(
                SecretName(request.name, field: "name"), ifMatches: request.etag, at: call.time)
            return Google_Protobuf_Empty()
        }
    }

    private static func project(_ name: String) throws -> Resource {
        let project = try ResourcePath(name, like: "projects/*", field: "parent").values[0]
        return .other(service: SecretManagerAPI.service, path: name, project: project)
    }
}
