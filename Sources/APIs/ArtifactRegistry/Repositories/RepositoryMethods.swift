import Access
import Directory
import Methods
import Schema
import SwiftProtobuf

/// Repositories: made, looked at, changed and removed.
struct RepositoryMethods: Sendable {
    let repositories: Repositories

    private static let name = ArtifactRegistryAPI.name
    private static let changeable: Set = ["description", "labels", "docker_config", "docker_config.immutable_tags"]

    var methods: [any Method] { [list, get, create, update, delete] }

    private var list: any Method {
        UnaryMethod<
            Google_Devtools_Artifactregistry_V1_ListRepositoriesRequest,
            Google_Devtools_Artifactregistry_V1_ListRepositoriesResponse
        >(
            "\(Self.name).ListRepositories", .get("/v1/{parent=projects/*/locations/*}/repositories"),
            access: .permission(
                "artifactregistry.repositories.list",
                on: { try LocationName($0.parent, field: "parent").resource })
        ) { request, _ in
            try Unsupported.check(filter: request.filter, order: request.orderBy)
            let place = try LocationName(request.parent, field: "parent")
            let page = try ListPage(
                repositories.repositories(in: place), by: \.key, size: request.pageSize, default: 100, maximum: 1_000,
                token: request.pageToken, scope: [request.parent])
            var response = Google_Devtools_Artifactregistry_V1_ListRepositoriesResponse()
            for record in page.items { response.repositories.append(try await repositories.message(record)) }
            response.nextPageToken = page.nextToken
            return response
        }
    }

    private var get: any Method {
        UnaryMethod<
            Google_Devtools_Artifactregistry_V1_GetRepositoryRequest, Google_Devtools_Artifactregistry_V1_Repository
        >(
            "\(Self.name).GetRepository", .get("/v1/{name=projects/*/locations/*/repositories/*}"),
            access: .inRepository("artifactregistry.repositories.get", "name") { $0.name }
        ) { request, _ in
            let path = try RepositoryPath(request.name, field: "name")
            return try await repositories.message(repositories.repository(path.repository))
        }
    }

    private var create: any Method {
        UnaryMethod<
            Google_Devtools_Artifactregistry_V1_CreateRepositoryRequest, Google_Longrunning_Operation
        >(
            "\(Self.name).CreateRepository",
            .post("/v1/{parent=projects/*/locations/*}/repositories", body: "repository"),
            access: .permission(
                "artifactregistry.repositories.create",
                on: { try LocationName($0.parent, field: "parent").resource })
        ) { request, call in
            let place = try LocationName(request.parent, field: "parent")
            try RepositoryID.check(request.repositoryID, field: "repository_id")
            try RepositoryFields.checkKind(request.repository)
            let record = try await repositories.create(
                RepositoryFields(request.repository), id: request.repositoryID, in: place, at: call.time)
            return try RepositoryOperation.created(record).message(
                response: await repositories.message(record))
        }
    }

    private var update: any Method {
        UnaryMethod<
            Google_Devtools_Artifactregistry_V1_UpdateRepositoryRequest, Google_Devtools_Artifactregistry_V1_Repository
        >(
            "\(Self.name).UpdateRepository",
            .patch("/v1/{repository.name=projects/*/locations/*/repositories/*}", body: "repository"),
            access: .inRepository("artifactregistry.repositories.update", "repository.name") { $0.repository.name }
        ) { request, call in
            let path = try RepositoryPath(request.repository.name, field: "repository.name")
            let mask = Set(request.updateMask.paths)
            if let stranger = mask.first(where: { !Self.changeable.contains($0) && $0 != "*" }) {
                throw ServiceError.invalidArgument(
                    "The update mask names '\(stranger.prefix(100))': only description, labels and docker_config of a "
                        + "repository can be changed.",
                    field: "update_mask")
            }
            let fields = try RepositoryFields(request.repository)
            // Without a mask all that can be changed is.
            let all = mask.isEmpty || mask.contains("*")
            let record = try await repositories.update(path.repository, at: call.time) { record in
                if all || mask.contains("description") { record.description = fields.description }
                if all || mask.contains("labels") { record.labels = fields.labels }
                if all || mask.contains(where: { $0.hasPrefix("docker_config") }) {
                    record.tagsAreImmutable = fields.tagsAreImmutable
                }
            }
            return try await repositories.message(record)
        }
    }

    private var delete: any Method {
        UnaryMethod<
            Google_Devtools_Artifactregistry_V1_DeleteRepositoryRequest, Google_Longrunning_Operation
        >(
            "\(Self.name).DeleteRepository", .delete("/v1/{name=projects/*/locations/*/repositories/*}"),
            access: .inRepository("artifactregistry.repositories.delete", "name") { $0.name }
        ) { request, _ in
            let path = try RepositoryPath(request.name, field: "name")
            let record = try repositories.repository(path.repository)
            try await repositories.delete(path.repository)
            return try RepositoryOperation.removed(in: record).message(response: Google_Protobuf_Empty())
        }
    }
}

/// What lists of this API do not do.
enum Unsupported {
    /// - Throws: `INVALID_ARGUMENT`
    static func check(filter: String = "", order: String = "") throws {
        guard filter.isEmpty else {
            throw ServiceError.invalidArgument("This list cannot be filtered.", field: "filter")
        }
        guard order.isEmpty else {
            throw ServiceError.invalidArgument("This list has one order: that of the names.", field: "order_by")
        }
    }
}
