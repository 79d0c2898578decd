import Directory
import Methods
import OCI
import Registry
import Schema
import SwiftProtobuf

/// The images of a repository, each with its tags.
struct DockerImageMethods: Sendable {
    let repositories: Repositories

    private static let name = ArtifactRegistryAPI.name
    /// What a page holds before it ends: an index names thousands of manifests.
    private static let mostBytes = 3 << 20

    var methods: [any Method] { [list, get] }

    private var list: any Method {
        UnaryMethod<
            Google_Devtools_Artifactregistry_V1_ListDockerImagesRequest,
            Google_Devtools_Artifactregistry_V1_ListDockerImagesResponse
        >(
            "\(Self.name).ListDockerImages",
            .get("/v1/{parent=projects/*/locations/*/repositories/*}/dockerImages"),
            access: .inRepository("artifactregistry.dockerimages.list", "parent") { $0.parent }
        ) { request, _ in
            try Unsupported.check(order: request.orderBy)
            let repository = try repositories.repository(RepositoryPath(request.parent, field: "parent").repository)
            let page = try await VersionPage(
                of: nil, in: repository, images: repositories.images, size: request.pageSize, token: request.pageToken)
            var response = Google_Devtools_Artifactregistry_V1_ListDockerImagesResponse()
            response.nextPageToken = page.nextToken
            var bytes = 0
            for version in page.versions {
                let image = try await repositories.dockerImage(version, in: repository)
                response.dockerImages.append(image)
                bytes += (try image.serializedBytes() as [UInt8]).count
                guard bytes < Self.mostBytes || response.dockerImages.count == page.versions.count else {
                    response.nextPageToken = try page.token(after: version)
                    break
                }
            }
            return response
        }
    }

    private var get: any Method {
        UnaryMethod<
            Google_Devtools_Artifactregistry_V1_GetDockerImageRequest, Google_Devtools_Artifactregistry_V1_DockerImage
        >(
            "\(Self.name).GetDockerImage", .get("/v1/{name=projects/*/locations/*/repositories/*/dockerImages/*}"),
            access: .inRepository("artifactregistry.dockerimages.get", followedBy: "dockerImages/*", "name") { $0.name }
        ) { request, _ in
            let path = try RepositoryPath(request.name, followedBy: "dockerImages/*", field: "name")
            let repository = try repositories.repository(path.repository)
            let words = path.words[0].split(separator: "@", maxSplits: 1).map(String.init)
            guard words.count == 2, let image = ImageName(words[0]), let digest = Digest(words[1]),
                let version = try await repositories.images.version(
                    .digest(digest), of: image, inRepository: repository.uid)
            else { throw ServiceError.notFound("\(request.name.prefix(300)) was not found.") }
            return try await repositories.dockerImage(version, in: repository)
        }
    }
}

extension Repositories {
    /// The name of a version as an image.
    static func dockerImageName(_ version: ImageVersion, in repository: RepositoryRecord) -> String {
        let image = version.image.text.replacing("/", with: "%2F")
        return "\(repository.resource.path)/dockerImages/\(image)@\(version.digest)"
    }

    fileprivate func dockerImage(
        _ version: ImageVersion, in repository: RepositoryRecord
    ) async throws -> Google_Devtools_Artifactregistry_V1_DockerImage {
        let children = try await images.children(of: version, inRepository: repository.uid)
        return .with {
            $0.name = Self.dockerImageName(version, in: repository)
            $0.uri = "\(address(of: repository))/\(version.image)@\(version.digest)"
            $0.tags = version.tags
            $0.imageSizeBytes = version.size
            $0.uploadTime = .init(date: version.createdAt)
            $0.updateTime = .init(date: version.updatedAt)
            $0.mediaType = version.mediaType
            $0.artifactType = version.artifactType ?? ""
            if let date = version.builtAt { $0.buildTime = .init(date: date) }
            $0.imageManifests = children.map { child in
                .with {
                    $0.digest = child.digest.description
                    $0.mediaType = child.mediaType
                    $0.architecture = child.platform?.architecture ?? ""
                    $0.os = child.platform?.os ?? ""
                    $0.variant = child.platform?.variant ?? ""
                }
            }
        }
    }
}
