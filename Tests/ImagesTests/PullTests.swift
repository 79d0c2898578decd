import Foundation
import ImageSupport
import Images
import OCI
import Testing

@Suite("Pulling images")
struct PullTests {
    @Test("Layers in every form of compression become directories, lowest first, with the image's settings")
    func layers() async throws {
        try await World.with { world in
            let image = TestImage([
                .init([.file("a", "plain")]), TestImage.Layer([.file("a", "gzip")]).gzipped,
                TestImage.Layer([.file("a", "zstd")]).zstandard,
            ])
            world.registry.add(image)
            let pulled = try await world.pull()
            let texts = try pulled.layers.map { try String(contentsOfFile: "\($0)/a", encoding: .utf8) }
            #expect(texts == ["plain", "gzip", "zstd"])
            #expect(pulled.digest == Digest(of: image.manifest))
            #expect(pulled.configuration.entrypoint == ["/bin/a"])
            #expect(pulled.configuration.command == ["b"])
            #expect(pulled.configuration.environment == ["A=1", "B=2"])
            #expect(pulled.configuration.workingDirectory == "/work")
            #expect(pulled.configuration.user == "5:6")
        }
    }

    @Test("Of an index, the image of this machine's platform is taken")
    func platform() async throws {
        try await World.with { world in
            var other = TestImage(file: "a", "other")
            other.platform = Platform(os: "linux", architecture: "s390x")
            world.registry.addIndex(of: [other, TestImage(file: "a", "ours")])
            let image = try await world.pull()
            #expect(try String(contentsOfFile: "\(image.layers[0])/a", encoding: .utf8) == "ours")
        }
    }

    @Test("An image for other machines is refused with the names of those", arguments: [true, false])
    func otherPlatform(isIndex: Bool) async throws {
        try await World.with { world in
            var image = TestImage(file: "a", "other")
            image.platform = Platform(os: "linux", architecture: "s390x")
            if isIndex { world.registry.addIndex(of: [image]) } else { world.registry.add(image) }
            let error = try await #require(throws: ImageError.self) { _ = try await world.pull() }
            #expect(error.kind == .wrongPlatform)
            #expect(error.description.contains("linux/s390x"))
        }
    }

    @Test("A tag that is moved leads to the new image, a digest to the old one")
    func movedTag() async throws {
        try await World.with { world in
            let old = TestImage(file: "a", "old")
            world.registry.add(old)
            _ = try await world.pull()
            world.registry.add(TestImage(file: "a", "new"))
            let image = try await world.pull()
            #expect(try String(contentsOfFile: "\(image.layers[0])/a", encoding: .utf8) == "new")
            let pinned = try await world.pull("app@\(Digest(of: old.manifest))")
            #expect(try String(contentsOfFile: "\(pinned.layers[0])/a", encoding: .utf8) == "old")
        }
    }

    @Test("What is not there is said to be missing, with the registry's words")
    func missing() async throws {
        try await World.with { world in
            let error = try await #require(throws: ImageError.self) { _ = try await world.pull("nothing") }
            #expect(error.kind == .notFound)
            #expect(error.description.hasSuffix("/nothing:latest does not exist (no such tag)."), "\(error)")
        }
    }

    @Test("A registry that does not answer is said to be out of reach")
    func unreachable() async throws {
        try await World.with(plain: ["127.0.0.1:1"]) { world in
            let reference = try ImageReference("127.0.0.1:1/app")
            let error = try await #require(throws: ImageError.self) { _ = try await world.images.image(reference) }
            #expect(error.kind == .unavailable)
        }
    }

    @Test("A registry that the operator has not named is not asked without TLS")
    func plainRegistry() async throws {
        try await World.with { world in
            world.registry.add(TestImage(file: "a", ""))
            let reference = try ImageReference(world.address.replacing("127.0.0.1", with: "localhost") + "/app")
            await #expect(throws: ImageError.self) { _ = try await world.images.image(reference) }
            #expect(world.registry.count(.GET) == 0)
        }
    }

    @Test(
        "A layer that breaks off goes on where it broke, also when the registry begins anew", arguments: [false, true])
    func resumed(ignoresRanges: Bool) async throws {
        try await World.with { world in
            let text = String(repeating: "0123456789", count: 50_000)
            let image = TestImage(file: "a", text)
            world.registry.add(image)
            world.registry.state.withLock {
                // The first is the configuration's.
                $0.cuts = [1 << 20, 100_000, 50_000, 0]
                $0.ignoresRanges = ignoresRanges
            }
            let pulled = try await world.pull()
            #expect(try String(contentsOfFile: "\(pulled.layers[0])/a", encoding: .utf8) == text)
            #expect(world.registry.count(.GET, ending: Digest(of: image.layers[0].blob).description) >= 3)
        }
    }

    @Test("A layer that is something else than its digest says is refused, and nothing is left of it")
    func wrongLayer() async throws {
        try await World.with { world in
            let image = TestImage(file: "a", "right")
            world.registry.add(image)
            let blob = image.layers[0].blob
            world.registry.state.withLock {
                $0.blobs[Digest(of: blob)] = TarArchive.bytes([.file("a", "wrong")])
            }
            let error = try await #require(throws: ImageError.self) { _ = try await world.pull() }
            #expect(error.kind == .invalid)
            #expect(try world.names("layers") == [])
            #expect(try world.names("unpacking") == [])
        }
    }

    @Test("A layer whose archive is not the one that the configuration names is refused")
    func wrongLayerID() async throws {
        try await World.with { world in
            var image = TestImage(file: "a", "right")
            image.layerIDs = [Digest(of: [1])]
            world.registry.add(image)
            let error = try await #require(throws: ImageError.self) { _ = try await world.pull() }
            #expect(error.kind == .invalid)
            #expect(try world.names("layers") == [])
        }
    }

    @Test(
        "A manifest or configuration that is something else than its digest says is refused", arguments: [true, false])
    func wrongDocument(isManifest: Bool) async throws {
        try await World.with { world in
            let image = TestImage(file: "a", "")
            world.registry.add(image)
            world.registry.state.withLock { state in
                if isManifest {
                    state.manifests[Digest(of: image.manifest).description]?.bytes = TestImage(file: "b", "").manifest
                } else {
                    state.blobs[Digest(of: image.configuration)] = TestImage(file: "b", "").configuration
                }
            }
            let name = "app@\(Digest(of: image.manifest))"
            let error = try await #require(throws: ImageError.self) { _ = try await world.pull(name) }
            #expect(error.kind == .invalid)
        }
    }
}
