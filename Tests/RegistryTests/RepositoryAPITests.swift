import Access
import Directory
import DirectorySupport
import Foundation
import Methods
import OCI
import Schema
import SwiftProtobuf
import Testing

@testable import Registry

private typealias V1 = Google_Devtools_Artifactregistry_V1_Repository
private typealias Operation = Google_Longrunning_Operation

@Suite("The Artifact Registry API")
struct RepositoryAPITests {
    private let place = "projects/demo/locations/us-central1"
    private var images: String { "\(place)/repositories/images" }

    @discardableResult
    private func create(
        _ world: RegistryWorld, _ id: String, in place: String = "projects/demo/locations/us-central1",
        as email: String = "alice@example.com", _ fill: (inout V1) -> Void = { _ in }
    ) async throws -> V1 {
        let operation: Operation = try await world.call(
            "CreateRepository",
            Google_Devtools_Artifactregistry_V1_CreateRepositoryRequest.with {
                $0.parent = place
                $0.repositoryID = id
                $0.repository.format = .docker
                fill(&$0.repository)
            }, as: email)
        let again: Operation = try await world.call(
            "GetOperation", Google_Longrunning_GetOperationRequest.with { $0.name = operation.name }, as: email)
        #expect(operation.done && again == operation)
        return try V1(unpackingAny: operation.response)
    }

    private func repository(_ world: RegistryWorld, _ name: String) async throws -> V1 {
        try await world.call(
            "GetRepository", Google_Devtools_Artifactregistry_V1_GetRepositoryRequest.with { $0.name = name })
    }

    private func refusal(_ body: () async throws -> Void) async -> ServiceError? {
        await #expect(throws: ServiceError.self) { try await body() }
    }

    @Test("a repository is made, changed, listed and removed, and its policy goes with it")
    func lifecycle() async throws {
        let world = try await RegistryWorld()
        let made = try await create(world, "new") {
            $0.description_p = "mine"
            $0.labels = ["team": "a"]
            $0.dockerConfig.immutableTags = true
        }
        #expect(made.name == "\(place)/repositories/new" && made.mode == .standardRepository)
        #expect(made.registryUri == "us-central1-docker.pkg.dev/demo/new" && made.dockerConfig.immutableTags)
        #expect(await refusal { try await create(world, "new") }?.code == .alreadyExists)
        let changed: V1 = try await world.call(
            "UpdateRepository",
            Google_Devtools_Artifactregistry_V1_UpdateRepositoryRequest.with {
                $0.repository.name = made.name
                $0.repository.description_p = "ours"
                $0.updateMask.paths = ["description"]
            })
        #expect(changed.description_p == "ours" && changed.labels == ["team": "a"])
        let list: Google_Devtools_Artifactregistry_V1_ListRepositoriesResponse = try await world.call(
            "ListRepositories",
            Google_Devtools_Artifactregistry_V1_ListRepositoriesRequest.with { $0.parent = place })
        #expect(list.repositories.map(\.name) == [images, made.name])
        let resource = Resource.repository("new", location: "us-central1", project: "demo")
        try await world.directory.grant("roles/artifactregistry.reader", to: "user:bob@example.com", on: resource)
        let deletion = Google_Devtools_Artifactregistry_V1_DeleteRepositoryRequest.with { $0.name = made.name }
        let _: Operation = try await world.call("DeleteRepository", deletion)
        #expect(await refusal { _ = try await repository(world, made.name) }?.code == .notFound)
        try await create(world, "new")
        #expect(world.directory.state.policy(of: resource).bindings.isEmpty)
    }

    @Test("what is pushed is counted, and gone with its repository")
    func contents() async throws {
        let world = try await RegistryWorld()
        try await world.pushImage()
        #expect(try await repository(world, images).sizeBytes > 0)
        let deletion = Google_Devtools_Artifactregistry_V1_DeleteRepositoryRequest.with { $0.name = images }
        let _: Operation = try await world.call("DeleteRepository", deletion)
        try await create(world, "images")
        #expect(try await repository(world, images).sizeBytes == 0)
        #expect(try await world.send(.get, "/v2/demo/images/report/manifests/1").code == "MANIFEST_UNKNOWN")
        let blob = Digest(of: Array("layer".utf8))
        #expect(try await world.send(.get, "/v2/demo/images/report/blobs/\(blob)").code == "BLOB_UNKNOWN")
    }

    @Test(
        "what is not supported is refused by its name",
        arguments: [
            ("x", V1.with { $0.format = .maven }, "MAVEN"), ("x", V1.with { $0.format = .unspecified }, "format"),
            (
                "x",
                V1.with {
                    $0.format = .docker
                    $0.mode = .remoteRepository
                }, "REMOTE_REPOSITORY"
            ),
            (
                "x",
                V1.with {
                    $0.format = .docker
                    $0.labels = ["A": ""]
                }, "label"
            ),
            ("X", V1.with { $0.format = .docker }, "'X' is not the id"),
            ("-x", V1.with { $0.format = .docker }, "id"), ("x-", V1.with { $0.format = .docker }, "id"),
            ("a/b", V1.with { $0.format = .docker }, "id"), ("..", V1.with { $0.format = .docker }, "id"),
            (String(repeating: "a", count: 64), V1.with { $0.format = .docker }, "id"),
            ("", V1.with { $0.format = .docker }, "id"),
        ])
    func unsupported(id: String, wanted: Google_Devtools_Artifactregistry_V1_Repository, word: String) async throws {
        let world = try await RegistryWorld()
        let error = await refusal { try await create(world, id) { $0 = wanted } }
        #expect(
            error?.code == .invalidArgument && error?.message.contains(word) == true, "\(String(describing: error))")
    }

    @Test("a location that there is not is not found, and neither are other people's repositories")
    func elsewhere() async throws {
        let world = try await RegistryWorld()
        #expect(
            await refusal { try await create(world, "x", in: "projects/demo/locations/moon") }?.code == .notFound)
        try await create(world, "x", in: "projects/demo/locations/europe")
        for name in ["images", "none"] {
            let error = await refusal {
                let _: V1 = try await world.call(
                    "GetRepository",
                    Google_Devtools_Artifactregistry_V1_GetRepositoryRequest.with {
                        $0.name = "\(place)/repositories/\(name)"
                    }, as: "bob@example.com")
            }
            #expect(error?.code == .permissionDenied)
        }
    }

    @Test("images, packages, versions and tags are listed, tagged and removed")
    func images() async throws {
        let world = try await RegistryWorld()
        let digest = try await world.pushImage(to: "demo/images/team/report")
        let package = "\(images)/packages/team%2Freport"
        let list: Google_Devtools_Artifactregistry_V1_ListDockerImagesResponse = try await world.call(
            "ListDockerImages", Google_Devtools_Artifactregistry_V1_ListDockerImagesRequest.with { $0.parent = images })
        let image = try #require(list.dockerImages.first)
        #expect(image.uri == "us-central1-docker.pkg.dev/demo/images/team/report@\(digest)")
        #expect(image.tags == ["1"] && image.mediaType == MediaType.image.rawValue && image.imageSizeBytes > 0)
        #expect(image.buildTime.seconds == 1_767_323_045)
        let same: Google_Devtools_Artifactregistry_V1_DockerImage = try await world.call(
            "GetDockerImage", Google_Devtools_Artifactregistry_V1_GetDockerImageRequest.with { $0.name = image.name })
        #expect(same == image)
        let version = "\(package)/versions/\(digest)"
        let tag: Google_Devtools_Artifactregistry_V1_Tag = try await world.call(
            "CreateTag",
            Google_Devtools_Artifactregistry_V1_CreateTagRequest.with {
                $0.parent = package
                $0.tagID = "prod"
                $0.tag.version = version
            })
        #expect(tag.name == "\(package)/tags/prod" && tag.version == version)
        let tags: Google_Devtools_Artifactregistry_V1_ListTagsResponse = try await world.call(
            "ListTags",
            Google_Devtools_Artifactregistry_V1_ListTagsRequest.with {
                $0.parent = package
                $0.filter = "version=\"\(version)\""
            })
        #expect(tags.tags.map(\.name) == ["\(package)/tags/1", "\(package)/tags/prod"])
        let kept = await refusal {
            let _: Operation = try await world.call(
                "DeleteVersion", Google_Devtools_Artifactregistry_V1_DeleteVersionRequest.with { $0.name = version })
        }
        #expect(kept?.code == .failedPrecondition)
        let _: Google_Protobuf_Empty = try await world.call(
            "DeleteTag", Google_Devtools_Artifactregistry_V1_DeleteTagRequest.with { $0.name = tag.name })
        let _: Operation = try await world.call(
            "DeleteVersion",
            Google_Devtools_Artifactregistry_V1_DeleteVersionRequest.with {
                $0.name = version
                $0.force = true
            })
        let gone = await refusal {
            let _: Google_Devtools_Artifactregistry_V1_Package = try await world.call(
                "GetPackage", Google_Devtools_Artifactregistry_V1_GetPackageRequest.with { $0.name = package })
        }
        #expect(gone?.code == .notFound)
    }

    @Test(
        "an image is listed whatever it says of the time when it was built",
        arguments: [
            "0001-01-01T00:00:00Z", "0000-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:60Z",
            "10000-01-01T00:00:00Z", "-001-01-01T00:00:00Z", "2026-13-45T99:99:99Z", "yesterday",
        ])
    func buildTimes(_ created: String) async throws {
        let world = try await RegistryWorld()
        let config = Data(#"{"created":"\#(created)"}"#.utf8)
        try await world.push(config)
        let answer = try await world.put(
            Samples.manifest(config: config, layers: []), to: "demo/images/report/manifests/1")
        #expect(answer.status == 201)
        let list: Google_Devtools_Artifactregistry_V1_ListDockerImagesResponse = try await world.call(
            "ListDockerImages", Google_Devtools_Artifactregistry_V1_ListDockerImagesRequest.with { $0.parent = images })
        #expect(try list.jsonString().contains("demo/images/report@"))
        let versions: Google_Devtools_Artifactregistry_V1_ListVersionsResponse = try await world.call(
            "ListVersions",
            Google_Devtools_Artifactregistry_V1_ListVersionsRequest.with { $0.parent = "\(images)/packages/report" })
        #expect(try versions.jsonString().contains("versions/sha256:"))
    }

    @Test("a page of images ends early when their indexes name many manifests, and the next one goes on")
    func indexes() async throws {
        let world = try await RegistryWorld()
        let digest = try await world.pushImage()
        let size = try await world.send(.get, "/v2/demo/images/report/manifests/1").body.count
        for number in 0..<6 {
            let children = Array(repeating: (digest, size), count: 4_000 + number)
            let index = Samples.index(children.map { (digest: $0.0, size: $0.1) })
            let answer = try await world.put(index, to: "demo/images/report/manifests/i\(number)", type: .index)
            try #require(answer.status == 201, "\(answer)")
        }
        var (found, token): ([String], String) = ([], "")
        repeat {
            let page: Google_Devtools_Artifactregistry_V1_ListDockerImagesResponse = try await world.call(
                "ListDockerImages",
                Google_Devtools_Artifactregistry_V1_ListDockerImagesRequest.with {
                    $0.parent = images
                    $0.pageToken = token
                })
            #expect((try page.serializedBytes() as [UInt8]).count < 4 << 20)
            found += page.dockerImages.map(\.uri)
            token = page.nextPageToken
        } while !token.isEmpty && found.count < 20
        #expect(found.count == 7 && Set(found).count == 7)
    }

    @Test("versions are listed page by page, over all images")
    func pages() async throws {
        let world = try await RegistryWorld()
        for number in 0..<5 {
            try await world.pushImage("\(number)", to: "demo/images/i\(number % 2)", tag: "t\(number)")
        }
        var found: [String] = []
        var token = ""
        repeat {
            let page: Google_Devtools_Artifactregistry_V1_ListDockerImagesResponse = try await world.call(
                "ListDockerImages",
                Google_Devtools_Artifactregistry_V1_ListDockerImagesRequest.with {
                    $0.parent = images
                    $0.pageSize = 2
                    $0.pageToken = token
                })
            found += page.dockerImages.map(\.uri)
            token = page.nextPageToken
        } while !token.isEmpty
        #expect(found.count == 5 && Set(found).count == 5 && found == found.sorted())
        let foreign = await refusal {
            let _: Google_Devtools_Artifactregistry_V1_ListDockerImagesResponse = try await world.call(
                "ListDockerImages",
                Google_Devtools_Artifactregistry_V1_ListDockerImagesRequest.with {
                    $0.parent = images
                    $0.pageToken = "x"
                })
        }
        #expect(foreign?.code == .invalidArgument)
    }
}
