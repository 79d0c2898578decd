import Directory
import FoundationEssentials
import Methods
import OCI
import Registry
import Schema
import SwiftProtobuf

/// The versions of an image.
struct VersionMethods: Sendable {
    let repositories: Repositories

    private static let name = ArtifactRegistryAPI.name
    private static let path = "/v1/{name=projects/*/locations/*/repositories/*/packages/*/versions/*}"
    /// Versions that are deleted in one request.
    private static let most = 10_000

    var methods: [any Method] { [list, get, delete, batchDelete] }

    private var list: any Method {
        UnaryMethod<
            Google_Devtools_Artifactregistry_V1_ListVersionsRequest,
            Google_Devtools_Artifactregistry_V1_ListVersionsResponse
        >(
            "\(Self.name).ListVersions",
            .get("/v1/{parent=projects/*/locations/*/repositories/*/packages/*}/versions"),
            access: .inRepository("artifactregistry.versions.list", followedBy: "packages/*", "parent") { $0.parent }
        ) { request, _ in
            try Unsupported.check(filter: request.filter, order: request.orderBy)
            let package = try repositories.package(
                RepositoryPath(request.parent, followedBy: "packages/*", field: "parent"))
            let page = try await VersionPage(
                of: package.image, in: package.repository, images: repositories.images, size: request.pageSize,
                token: request.pageToken)
            guard !page.versions.isEmpty || !request.pageToken.isEmpty else {
                throw ServiceError.notFound("\(request.parent.prefix(300)) was not found.")
            }
            return .with {
                $0.versions = page.versions.map { Self.message($0, of: package, isFull: request.view == .full) }
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private var get: any Method {
        UnaryMethod<
            Google_Devtools_Artifactregistry_V1_GetVersionRequest, Google_Devtools_Artifactregistry_V1_Version
        >(
            "\(Self.name).GetVersion", .get(Self.path),
            access: .inRepository("artifactregistry.versions.get", followedBy: "packages/*/versions/*", "name") {
                $0.name
            }
        ) { request, _ in
            let path = try RepositoryPath(request.name, followedBy: "packages/*/versions/*", field: "name")
            let package = try repositories.package(path)
            let version = try await repositories.images.version(
                .digest(repositories.digest(path)), of: package.image, inRepository: package.repository.uid)
            guard let version else { throw ServiceError.notFound("\(request.name.prefix(300)) was not found.") }
            return Self.message(version, of: package, isFull: request.view == .full)
        }
    }

    private var delete: any Method {
        UnaryMethod<Google_Devtools_Artifactregistry_V1_DeleteVersionRequest, Google_Longrunning_Operation>(
            "\(Self.name).DeleteVersion", .delete(Self.path),
            access: .inRepository("artifactregistry.versions.delete", followedBy: "packages/*/versions/*", "name") {
                $0.name
            }
        ) { request, _ in
            let path = try RepositoryPath(request.name, followedBy: "packages/*/versions/*", field: "name")
            let package = try repositories.package(path)
            try await remove(repositories.digest(path), of: package, withTags: request.force)
            return try RepositoryOperation.removed(in: package.repository).message(response: Google_Protobuf_Empty())
        }
    }

    private var batchDelete: any Method {
        UnaryMethod<Google_Devtools_Artifactregistry_V1_BatchDeleteVersionsRequest, Google_Longrunning_Operation>(
            "\(Self.name).BatchDeleteVersions",
            .post("/v1/{parent=projects/*/locations/*/repositories/*/packages/*}/versions:batchDelete", body: "*"),
            access: .inRepository("artifactregistry.versions.delete", followedBy: "packages/*", "parent") { $0.parent }
        ) { request, _ in
            let parent = try RepositoryPath(request.parent, followedBy: "packages/*", field: "parent")
            let package = try repositories.package(parent)
            guard (1...Self.most).contains(request.names.count) else {
                throw ServiceError.invalidArgument(
                    "1 to \(Self.most) versions can be deleted at a time.", field: "names")
            }
            let paths = try request.names.map {
                try RepositoryPath($0, followedBy: "packages/*/versions/*", field: "names")
            }
            guard paths.allSatisfy({ $0.repository == parent.repository && $0.words.first == parent.words.first })
            else {
                throw ServiceError.invalidArgument("All versions must be of the parent.", field: "names")
            }
            let digests = try paths.map(repositories.digest)
            if !request.validateOnly {
                for digest in digests { try await remove(digest, of: package, withTags: true) }
            }
            return try RepositoryOperation.removed(in: package.repository).message(response: Google_Protobuf_Empty())
        }
    }

    private func remove(_ digest: Digest, of package: StoredPackage, withTags: Bool) async throws {
        try await ServiceError.translating {
            try await repositories.images.removeVersion(
                digest, of: package.image, inRepository: package.repository.uid, withTags: withTags,
                tagsAreImmutable: package.repository.tagsAreImmutable)
        }
    }

    /// - Parameter isFull: whether its tags are shown too.
    private static func message(
        _ version: ImageVersion, of package: StoredPackage, isFull: Bool
    ) -> Google_Devtools_Artifactregistry_V1_Version {
        var metadata = [
            "name": Repositories.dockerImageName(version, in: package.repository),
            "imageSizeBytes": "\(version.size)", "mediaType": version.mediaType,
        ]
        if let date = version.builtAt { metadata["buildTime"] = date.formatted(.iso8601) }
        if let type = version.artifactType { metadata["artifactType"] = type }
        return .with {
            $0.name = "\(package.name)/versions/\(version.digest)"
            $0.createTime = .init(date: version.createdAt)
            $0.updateTime = .init(date: version.updatedAt)
            $0.metadata.fields = metadata.mapValues { .init(stringValue: $0) }
            guard isFull else { return }
            $0.relatedTags = version.tags.map { tag in
                .with {
                    $0.name = "\(package.name)/tags/\(tag)"
                    $0.version = "\(package.name)/versions/\(version.digest)"
                }
            }
        }
    }
}
