import Directory
import Methods
import OCI
import Registry
import Requests
import Schema
import SwiftProtobuf

/// The tags of an image.
struct TagMethods: Sendable {
    let repositories: Repositories

    private static let name = ArtifactRegistryAPI.name
    private static let parent = "/v1/{parent=projects/*/locations/*/repositories/*/packages/*}/tags"
    private static let shape = "packages/*/tags/*"

    var methods: [any Method] { [list, get, create, update, delete] }

    private var list: any Method {
        UnaryMethod<
            Google_Devtools_Artifactregistry_V1_ListTagsRequest, Google_Devtools_Artifactregistry_V1_ListTagsResponse
        >(
            "\(Self.name).ListTags", .get(Self.parent),
            access: .inRepository("artifactregistry.tags.list", followedBy: "packages/*", "parent") { $0.parent }
        ) { request, _ in
            let package = try repositories.package(
                RepositoryPath(request.parent, followedBy: "packages/*", field: "parent"))
            let version = try TagFilter(request.filter).version
            let paging = try Paging(
                size: request.pageSize, token: request.pageToken,
                boundTo: [package.repository.uid, package.image.text, request.filter], cursor: String.self)
            let found = try await repositories.images.tags(
                of: package.image, inRepository: package.repository.uid, naming: version, after: paging.cursor ?? "",
                limit: paging.size + 1)
            let page = try paging.page(of: found) { $0.name }
            return .with {
                $0.tags = page.items.map { Self.message($0.name, $0.digest, of: package) }
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private var get: any Method {
        UnaryMethod<Google_Devtools_Artifactregistry_V1_GetTagRequest, Google_Devtools_Artifactregistry_V1_Tag>(
            "\(Self.name).GetTag", .get("/v1/{name=projects/*/locations/*/repositories/*/packages/*/tags/*}"),
            access: .inRepository("artifactregistry.tags.get", followedBy: Self.shape, "name") { $0.name }
        ) { request, _ in
            let path = try RepositoryPath(request.name, followedBy: Self.shape, field: "name")
            let package = try repositories.package(path)
            guard let tag = TagName(path.words[1]),
                let version = try await repositories.images.version(
                    .tag(tag), of: package.image, inRepository: package.repository.uid)
            else { throw ServiceError.notFound("\(request.name.prefix(300)) was not found.") }
            return Self.message(path.words[1], version.digest, of: package)
        }
    }

    private var create: any Method {
        UnaryMethod<Google_Devtools_Artifactregistry_V1_CreateTagRequest, Google_Devtools_Artifactregistry_V1_Tag>(
            "\(Self.name).CreateTag", .post(Self.parent, body: "tag"),
            access: .inRepository("artifactregistry.tags.create", followedBy: "packages/*", "parent") { $0.parent }
        ) { request, _ in
            let package = try repositories.package(
                RepositoryPath(request.parent, followedBy: "packages/*", field: "parent"))
            let tag = try Self.tag(request.tagID, field: "tag_id")
            return try await set(tag, of: package, to: request.tag.version, mustBeNew: true)
        }
    }

    private var update: any Method {
        UnaryMethod<Google_Devtools_Artifactregistry_V1_UpdateTagRequest, Google_Devtools_Artifactregistry_V1_Tag>(
            "\(Self.name).UpdateTag",
            .patch("/v1/{tag.name=projects/*/locations/*/repositories/*/packages/*/tags/*}", body: "tag"),
            access: .inRepository("artifactregistry.tags.update", followedBy: Self.shape, "tag.name") { $0.tag.name }
        ) { request, _ in
            let path = try RepositoryPath(request.tag.name, followedBy: Self.shape, field: "tag.name")
            if let stranger = request.updateMask.paths.first(where: { $0 != "version" && $0 != "*" }) {
                throw ServiceError.invalidArgument(
                    "The update mask names '\(stranger.prefix(100))': only the version of a tag can be changed.",
                    field: "update_mask")
            }
            let package = try repositories.package(path)
            let tag = try Self.tag(path.words[1], field: "tag.name")
            return try await set(tag, of: package, to: request.tag.version, mustBeNew: false)
        }
    }

    private var delete: any Method {
        UnaryMethod<Google_Devtools_Artifactregistry_V1_DeleteTagRequest, Google_Protobuf_Empty>(
            "\(Self.name).DeleteTag", .delete("/v1/{name=projects/*/locations/*/repositories/*/packages/*/tags/*}"),
            access: .inRepository("artifactregistry.tags.delete", followedBy: Self.shape, "name") { $0.name }
        ) { request, _ in
            let path = try RepositoryPath(request.name, followedBy: Self.shape, field: "name")
            let package = try repositories.package(path)
            let tag = try Self.tag(path.words[1], field: "name")
            try await ServiceError.translating {
                try await repositories.images.removeTag(
                    tag, of: package.image, inRepository: package.repository.uid,
                    tagsAreImmutable: package.repository.tagsAreImmutable)
            }
            return Google_Protobuf_Empty()
        }
    }

    private func set(
        _ tag: TagName, of package: StoredPackage, to version: String, mustBeNew: Bool
    ) async throws -> Google_Devtools_Artifactregistry_V1_Tag {
        let path = try RepositoryPath(version, followedBy: "packages/*/versions/*", field: "tag.version")
        guard try repositories.repository(path.repository).uid == package.repository.uid,
            path.words[0] == package.image.text
        else {
            throw ServiceError.invalidArgument(
                "A tag names a version of its own package.", field: "tag.version")
        }
        let digest = try repositories.digest(path)
        try await ServiceError.translating {
            try await repositories.images.setTag(
                tag, of: package.image, inRepository: package.repository.uid, to: digest, mustBeNew: mustBeNew,
                tagsAreImmutable: package.repository.tagsAreImmutable)
        }
        return Self.message(tag.text, digest, of: package)
    }

    private static func tag(_ text: String, field: String) throws -> TagName {
        guard let tag = TagName(text) else {
            throw ServiceError.invalidArgument(
                "'\(text.prefix(200))' is not a tag: at most 128 letters, digits, '_', '.' and '-', not beginning with "
                    + "the last two.",
                field: field)
        }
        return tag
    }

    private static func message(
        _ tag: String, _ digest: Digest, of package: StoredPackage
    ) -> Google_Devtools_Artifactregistry_V1_Tag {
        .with {
            $0.name = "\(package.name)/tags/\(tag)"
            $0.version = "\(package.name)/versions/\(digest)"
        }
    }
}
