import Foundation
import TestSupport
import Testing

@Suite("Images by gcloud and container tools", .needsRoot, .needsGcloud, .needsSkopeo)
struct GcloudArtifactTests {
    private static let host = "us-central1-docker.pkg.dev"

    /// Runs gcloud, which must succeed.
    @discardableResult
    private func gcloud(_ server: LandfallServer, _ words: String) async throws -> String {
        let result = try await server.exec(["gcloud"] + words.split(separator: " ").map(String.init))
        guard result.status == 0 else { throw TestFailure("gcloud \(words): \(result.output)\(result.errors)") }
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Writes an image of one file, as skopeo and podman read it.
    private func image(in server: LandfallServer) async throws -> String {
        let layout = "\(server.directory)/image"
        try FileManager.default.createDirectory(atPath: "\(layout)/blobs/sha256", withIntermediateDirectories: true)
        _ = try server.file("hello.txt", "hello\n")
        let tar = try await Program.run(
            [
                "tar", "-C", server.directory, "--owner=0", "--group=0", "-cf", "\(server.directory)/layer.tar",
                "hello.txt",
            ])
        guard tar.status == 0 else { throw TestFailure(tar.errors) }
        let layer = try Data(contentsOf: URL(filePath: "\(server.directory)/layer.tar"))
        let layerDigest = try await Self.store(layer, in: layout)
        let config = Data(
            """
            {"architecture":"amd64","os":"linux","config":{},
             "rootfs":{"type":"layers","diff_ids":["sha256:\(layerDigest)"]}}
            """.utf8)
        let configDigest = try await Self.store(config, in: layout)
        let manifest = Data(
            """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
             "config":{"mediaType":"application/vnd.oci.image.config.v1+json",
                       "digest":"sha256:\(configDigest)","size":\(config.count)},
             "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar",
                        "digest":"sha256:\(layerDigest)","size":\(layer.count)}]}
            """.utf8)
        let digest = try await Self.store(manifest, in: layout)
        let index = """
            {"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",
             "digest":"sha256:\(digest)","size":\(manifest.count)}]}
            """
        try index.write(toFile: "\(layout)/index.json", atomically: true, encoding: .utf8)
        try #"{"imageLayoutVersion":"1.0.0"}"#.write(
            toFile: "\(layout)/oci-layout", atomically: true, encoding: .utf8)
        return "oci:\(layout)"
    }

    private static func store(_ blob: Data, in layout: String) async throws -> String {
        let path = "\(layout)/blobs/new"
        try blob.write(to: URL(filePath: path))
        let digest = String(try await Program.run(["sha256sum", path]).output.prefix(64))
        try FileManager.default.moveItem(atPath: path, toPath: "\(layout)/blobs/sha256/\(digest)")
        return digest
    }

    private func token(_ server: LandfallServer, of account: String) async throws -> String {
        let printed = try await server.exec(["gcloud", "auth", "print-access-token"], as: account)
        guard printed.status == 0 else { throw TestFailure(printed.errors) }
        return "oauth2accesstoken:" + printed.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test("an image is pushed, listed, granted to others, pulled by them, tagged and removed")
    func images() async throws {
        try await LandfallServer.with { server in
            let image = try await image(in: server)
            let name = "\(Self.host)/demo/images/team/report"
            try await gcloud(server, "services enable artifactregistry.googleapis.com")
            try await gcloud(
                server, "artifacts repositories create images --repository-format=docker --location=us-central1")
            let alice = try await token(server, of: "alice@example.com")
            let push = try await server.exec(["skopeo", "copy", "--dest-creds", alice, image, "docker://\(name):1"])
            #expect(push.status == 0, "\(push.errors)")
            let listed = try await gcloud(
                server,
                "artifacts docker images list \(Self.host)/demo/images --include-tags --format=value(package,tags)")
            #expect(listed.contains(name) && listed.contains("1"))
            try await server.landfall("login", "bob@example.com")
            let bob = try await token(server, of: "bob@example.com")
            let pull = ["skopeo", "copy", "--src-creds", bob, "docker://\(name):1", "dir:\(server.directory)/pulled"]
            let denied = try await server.exec(pull, as: "bob@example.com")
            #expect(denied.status != 0)
            #expect(denied.errors.contains("artifactregistry.repositories.downloadArtifacts"), "\(denied.errors)")
            try await server.landfall("login", "alice@example.com")
            try await gcloud(
                server,
                "artifacts repositories add-iam-policy-binding images --location=us-central1 "
                    + "--member=user:bob@example.com --role=roles/artifactregistry.reader")
            let pulled = try await server.exec(pull, as: "bob@example.com")
            #expect(pulled.status == 0, "\(pulled.errors)")
            try await gcloud(server, "artifacts docker tags add \(name):1 \(name):prod")
            let tags = try await gcloud(server, "artifacts docker tags list \(name) --format=value(tag)")
            #expect(Set(tags.split(separator: "\n").map { $0.split(separator: "/").last }) == ["1", "prod"], "\(tags)")
            try await gcloud(server, "artifacts docker tags delete \(name):prod --quiet")
            try await gcloud(server, "artifacts docker images delete \(name):1 --delete-tags --quiet")
            #expect(try await server.exec(pull, as: "bob@example.com").status != 0)
            let packages = try await gcloud(
                server, "artifacts packages list --repository=images --location=us-central1 --format=value(name)")
            #expect(packages.isEmpty)
            try await gcloud(server, "artifacts repositories delete images --location=us-central1 --quiet")
        }
    }

    @Test("what does not fit on the disk is refused, and the server goes on")
    func fullDisk() async throws {
        try await LandfallServer.with(prepare: { try await $0.mountSmallDisk() }) { server in
            try await gcloud(
                server, "artifacts repositories create images --repository-format=docker --location=us-central1")
            let token = try await token(server, of: "alice@example.com").split(separator: ":").last ?? ""
            let file = "\(server.directory)/large"
            try Data(repeating: 7, count: 40 << 20).write(to: URL(filePath: file))
            let digest = try await Program.run(["sha256sum", file]).output.prefix(64)
            let blobs = "http://127.0.0.1:\(try server.info().port)/v2/\(Self.host)/demo/images/report/blobs"
            let push = try await server.run([
                "curl", "-s", "-X", "POST", "-H", "Authorization: Bearer \(token)", "--data-binary", "@\(file)",
                "\(blobs)/uploads/?digest=sha256:\(digest)",
            ])
            #expect(push.output.contains("disk is full"), "\(push.output)\(push.errors)")
            // What had come is gone, so that there is room again.
            try await gcloud(server, "artifacts repositories describe images --location=us-central1")
            let uploads = try FileManager.default.contentsOfDirectory(atPath: "\(server.data)/state/registry/uploads")
            #expect(uploads.isEmpty)
        }
    }

    @Test("a service account pushes with its key file, and podman pulls what it pushed", .needsPodman)
    func keyFile() async throws {
        try await LandfallServer.with { server in
            let image = try await image(in: server)
            let name = "\(Self.host)/demo/images/report:1"
            let account = "pusher@demo.iam.gserviceaccount.com"
            let key = "\(server.directory)/key.json"
            try await gcloud(server, "services enable artifactregistry.googleapis.com")
            try await gcloud(
                server, "artifacts repositories create images --repository-format=docker --location=us-central1")
            try await gcloud(server, "iam service-accounts create pusher")
            try await gcloud(server, "iam service-accounts keys create \(key) --iam-account=\(account)")
            let push = [
                "skopeo", "copy", "--dest-creds", "_json_key:\(try String(contentsOfFile: key, encoding: .utf8))",
                image,
                "docker://\(name)",
            ]
            // The first thing that skopeo asks is a HEAD, whose refusal has no words of the server's.
            let refused = try await server.exec(push)
            #expect(refused.status != 0 && refused.errors.contains("403"), "\(refused.errors)")
            try await gcloud(
                server,
                "artifacts repositories add-iam-policy-binding images --location=us-central1 "
                    + "--member=serviceAccount:\(account) --role=roles/artifactregistry.writer")
            let pushed = try await server.exec(push)
            #expect(pushed.status == 0, "\(pushed.errors)")
            let storage = "\(server.directory)/podman"
            let podman = ["podman", "--root", storage, "--runroot", "\(storage)-run", "--storage-driver", "vfs"]
            let pulled = try await server.exec(
                podman + ["pull", "--creds", try await token(server, of: "alice@example.com"), name])
            #expect(pulled.status == 0, "\(pulled.errors)")
            _ = try await server.exec(podman + ["system", "reset", "--force"])
        }
    }
}
