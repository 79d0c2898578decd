import Directory
import Methods
import Registry
import Requests
import Schema
import SwiftProtobuf

/// The images of a repository by name, as packages.
struct PackageMethods: Sendable {
    let repositories: Repositories

    private static let name = ArtifactRegistryAPI.name

    var methods: [any Method] { [list, get, delete] }

    private var list: any Method {
        UnaryMethod<
            Google_Devtools_Artifactregistry_V1_ListPackagesRequest,
            Google_Devtools_Artifactregistry_V1_ListPackagesResponse
        >(
            "\(Self.name).ListPackages", .get("/v1/{parent=projects/*/locations/*/repositories/*}/packages"),
            access: .inRepository("artifactregistry.packages.list", "parent") { $0.parent }
        ) { request, _ in
            try Unsupported.check(filter: request.filter, order: request.orderBy)
            let repository = try repositories.repository(RepositoryPath(request.parent, field: "parent").repository)
            let paging = try Paging(
                size: request.pageSize, token: request.pageToken, boundTo: [repository.uid], cursor: String.self)
            let found = try await repositories.images.images(
                inRepository: repository.uid, after: paging.cursor ?? "", limit: paging.size + 1)
            let page = try paging.page(of: found, by: \.name.text)
            return .with {
                $0.packages = page.items.map { Self.message($0, in: repository) }
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private var get: any Method {
        UnaryMethod<
            Google_Devtools_Artifactregistry_V1_GetPackageRequest, Google_Devtools_Artifactregistry_V1_Package
        >(
            "\(Self.name).GetPackage", .get("/v1/{name=projects/*/locations/*/repositories/*/packages/*}"),
            access: .inRepository("artifactregistry.packages.get", followedBy: "packages/*", "name") { $0.name }
        ) { request, _ in
            let package = try repositories.package(
                RepositoryPath(request.name, followedBy: "packages/*", field: "name"))
            let image = try await repositories.images.image(package.image, inRepository: package.repository.uid)
            guard let image else { throw ServiceError.notFound("\(request.name.prefix(300)) was not found.") }
            return Self.message(image, in: package.repository)
        }
    }

    private var delete: any Method {
        UnaryMethod<Google_Devtools_Artifactregistry_V1_DeletePackageRequest, Google_Longrunning_Operation>(
            "\(Self.name).DeletePackage", .delete("/v1/{name=projects/*/locations/*/repositories/*/packages/*}"),
            access: .inRepository("artifactregistry.packages.delete", followedBy: "packages/*", "name") { $0.name }
        ) { request, _ in
            let package = try repositories.package(
                RepositoryPath(request.name, followedBy: "packages/*", field: "name"))
            let repository = package.repository
            try await ServiceError.translating {
                try await repositories.images.removeImage(
                    package.image, inRepository: repository.uid, tagsAreImmutable: repository.tagsAreImmutable)
            }
            return try RepositoryOperation.removed(in: repository).message(response: Google_Protobuf_Empty())
        }
    }

    private static func message(
        _ image: StoredImage, in repository: RepositoryRecord
    ) -> Google_Devtools_Artifactregistry_V1_Package {
        .with {
            $0.name = StoredPackage.name(image.name, in: repository)
            $0.createTime = .init(date: image.createdAt)
            $0.updateTime = .init(date: image.updatedAt)
        }
    }
}
