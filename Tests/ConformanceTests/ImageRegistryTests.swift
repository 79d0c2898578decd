import Foundation
import ImageSupport
import Images
import Logging
import OCI
import TestSupport
import Testing

@Suite("Images in Landfall's own registry", .needsRoot, .needsGcloud)
struct ImageRegistryTests {
    private let name = "us-central1-docker.pkg.dev/demo/images/app:1"

    @Test("An image is imported, pulled by those who may, listed and removed")
    func roundTrip() async throws {
        try await LandfallServer.with { server in
            for words in ["services enable artifactregistry.googleapis.com", Self.creation] {
                let result = try await server.exec(["gcloud"] + words.split(separator: " ").map(String.init))
                #expect(result.status == 0, "\(result.errors)")
            }
            let image = TestImage([TestImage.Layer([.file("a", "from the registry")]).gzipped])
            let entries = image.layout(tag: "1").map { TarArchive.Entry(name: $0.path, content: $0.content) }
            let file = "\(server.directory)/image.tar"
            try Data(TarArchive.bytes(entries)).write(to: URL(fileURLWithPath: file))
            let digest = Digest(of: image.manifest)
            #expect(try await server.landfall("images", "import", file, "--name", name).contains("\(digest)"))
            #expect(try await server.landfall("images", "list").contains("us-central1-docker.pkg.dev/demo/images/app"))
            try await server.landfall("login", "bob@example.com")
            try await pull(server, of: image)
            try await server.landfall("images", "remove", name, "--account", "alice@example.com")
            let list = try await server.landfall("images", "list", "--account", "alice@example.com")
            #expect(!list.contains("/app"))
        }
    }

    private static let creation = """
        artifacts repositories create images --repository-format=docker --location=us-central1
        """

    /// alice may pull the image, bob and nobody may not, before and after it is in the cache.
    private func pull(_ server: LandfallServer, of image: TestImage) async throws {
        let images = try await Images(
            configuration: ImagesConfiguration(directory: "\(server.directory)/images"), logger: Logger(label: "test"))
        let info = try server.info()
        let authority = try String(contentsOfFile: info.authorityFile, encoding: .utf8)
        try await images.reach(
            LandfallRegistry(host: "127.0.0.1", port: Int(info.port), authority: authority, domains: ["pkg.dev"]))
        let reference = try ImageReference(name)
        for _ in 0..<2 {
            for account in [nil, "bob@example.com"] {
                let credential = try await credential(server, account)
                let error = try await #require(throws: ImageError.self) {
                    _ = try await images.image(reference, credential: credential)
                }
                #expect([.unauthenticated, .denied, .notFound].contains(error.kind), "\(error)")
            }
            let credential = try await credential(server, "alice@example.com")
            let pulled = try await images.image(reference, credential: credential)
            #expect(try String(contentsOfFile: "\(pulled.layers[0])/a", encoding: .utf8) == "from the registry")
        }
        await images.shutDown()
    }

    private func credential(_ server: LandfallServer, _ account: String?) async throws -> RegistryCredential? {
        guard let account else { return nil }
        let result = try await server.exec(["gcloud", "auth", "print-access-token"], as: account)
        return .accessToken(result.output.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
