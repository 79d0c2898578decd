import Foundation
import ImageSupport
import Images
import NIOHTTP1
import OCI
import Synchronization
import Testing

@Suite("Who may pull an image")
struct AccessTests {
    /// A registry whose repository `secret` takes one token, which a token server gives for one password.
    private func withSecret(_ body: (World, WebServer) async throws -> Void) async throws {
        let tokenServer: @Sendable (WebServer.Request) -> WebServer.Answer = { request in
            let isRight = request.headers.first(name: "authorization") == "Basic YWxpY2U6b3BlbiBzZXNhbWU="
            return isRight
                ? .init(body: Array("{\"token\":\"T\"}".utf8))
                : .init(status: .unauthorized, body: Array("{\"errors\":[{\"message\":\"who?\"}]}".utf8))
        }
        try await WebServer.with(tokenServer) { server in
            try await World.with(plain: [server.address]) { world in
                world.registry.add(TestImage(file: "a", "secret"), at: "secret:latest")
                world.registry.state.withLock {
                    $0.tokens["secret"] = "T"
                    $0.challenge = "Bearer realm=\"http://\(server.address)/token\",service=\"s\""
                }
                try await body(world, server)
            }
        }
    }

    private let alice = RegistryCredential.password(user: "alice", password: "open sesame")

    @Test("A challenge is met with a token for the password")
    func token() async throws {
        try await withSecret { world, _ in
            let image = try await world.pull("secret", alice)
            #expect(try String(contentsOfFile: "\(image.layers[0])/a", encoding: .utf8) == "secret")
        }
    }

    @Test(
        "Who is not known is told from who may not, by the registry's word and by its token server's",
        arguments: [
            (HTTPResponseStatus.unauthorized, ImageError.Kind.unauthenticated), (.forbidden, .denied),
        ], [true, false])
    func kind(_ refusal: (status: HTTPResponseStatus, kind: ImageError.Kind), isByTokenServer: Bool) async throws {
        let refused: @Sendable (WebServer.Request) -> WebServer.Answer = { request in
            guard isByTokenServer, !request.target.hasPrefix("/token") else { return .init(status: refusal.status) }
            let realm = "http://\(request.headers.first(name: "host") ?? "")/token"
            return .init(status: .unauthorized, headers: [("www-authenticate", "Bearer realm=\"\(realm)\"")])
        }
        try await WebServer.with(refused) { server in
            try await World.with(plain: [server.address]) { world in
                let error = try await #require(throws: ImageError.self) {
                    _ = try await world.images.image(ImageReference("\(server.address)/app"), credential: alice)
                }
                #expect(error.kind == refusal.kind)
            }
        }
    }

    @Test(
        "What is in the cache already is not for those who may not pull it",
        arguments: [nil, RegistryCredential.password(user: "alice", password: "guess")])
    func cached(credential: RegistryCredential?) async throws {
        try await withSecret { world, _ in
            let image = try await world.pull("secret", alice)
            for name in ["secret", "secret@\(image.digest)"] {
                let error = try await #require(throws: ImageError.self) { _ = try await world.pull(name, credential) }
                #expect(error.kind == .unauthenticated)
            }
        }
    }

    @Test("A layer in the cache is not for who names its digest in an image of another registry")
    func stolenLayer() async throws {
        try await withSecret { world, _ in
            let secret = TestImage(file: "a", "secret")
            _ = try await world.pull("secret", alice)
            let thief = FakeRegistry()
            // The thief knows the manifest, and has something else instead of the layer.
            thief.add(secret)
            let bytes = TarArchive.bytes([.file("b", "public")])
            thief.state.withLock { $0.blobs[Digest(of: secret.layers[0].blob)] = bytes }
            try await WebServer.with({ thief.answer($0) }) { server in
                let other = try await World.open(world.directory, server.address)
                let error = try await #require(throws: ImageError.self) {
                    _ = try await other.image(ImageReference("\(server.address)/app"))
                }
                #expect(error.kind == .invalid)
                await other.shutDown()
            }
        }
    }

    @Test("A layer in the cache is not for who claims that another blob is it")
    func claimedLayer() async throws {
        try await withSecret { world, _ in
            _ = try await world.pull("secret", alice)
            var claim = TestImage(file: "b", "")
            claim.layerIDs = [Digest(of: TestImage(file: "a", "secret").layers[0].archive)]
            world.registry.add(claim, at: "claim:latest")
            let error = try await #require(throws: ImageError.self) { _ = try await world.pull("claim") }
            #expect(error.kind == .invalid)
        }
    }

    @Test("Blobs are fetched where the registry redirects to, and no token goes there")
    func redirect() async throws {
        let seen = Mutex<[String?]>([])
        let image = TestImage(file: "a", "elsewhere")
        let blobs = Dictionary(
            uniqueKeysWithValues: [image.layers[0].blob, image.configuration].map { ("/\(Digest(of: $0))", $0) })
        let storage: @Sendable (WebServer.Request) -> WebServer.Answer = { request in
            seen.withLock { $0.append(request.headers.first(name: "authorization")) }
            return blobs[request.target].map { .init(body: $0) } ?? .init(status: .notFound)
        }
        try await withSecret { world, tokens in
            try await WebServer.with(storage) { server in
                world.registry.add(image, at: "secret:latest")
                world.registry.state.withLock { $0.blobsAt = "http://\(server.address)" }
                let images = try await World.open(
                    world.directory + "/other", world.address, plain: [tokens.address, server.address])
                let pulled = try await images.image(ImageReference("\(world.address)/secret"), credential: alice)
                #expect(try String(contentsOfFile: "\(pulled.layers[0])/a", encoding: .utf8) == "elsewhere")
                await images.shutDown()
            }
        }
        #expect(seen.withLock { $0 } == [nil, nil])
    }

    @Test("A password goes to the token server that the registry names, and to none that a redirect's host names")
    func strangersChallenge() async throws {
        let seen = Mutex<[String]>([])
        let stranger: @Sendable (WebServer.Request) -> WebServer.Answer = { request in
            if let sent = request.headers.first(name: "authorization") { seen.withLock { $0.append(sent) } }
            let address = request.headers.first(name: "host") ?? ""
            return .init(
                status: .unauthorized, headers: [("www-authenticate", "Bearer realm=\"http://\(address)/token\"")])
        }
        try await withSecret { world, tokens in
            try await WebServer.with(stranger) { server in
                world.registry.state.withLock { $0.blobsAt = "http://\(server.address)" }
                let images = try await World.open(
                    world.directory + "/other", world.address, plain: [tokens.address, server.address])
                let error = try await #require(throws: ImageError.self) {
                    _ = try await images.image(ImageReference("\(world.address)/secret"), credential: alice)
                }
                #expect(error.kind == .unauthenticated)
                await images.shutDown()
            }
        }
        #expect(seen.withLock { $0 } == [])
    }

    @Test("A redirect to a host that is not asked without TLS is not followed")
    func plainRedirect() async throws {
        try await World.with { world in
            world.registry.add(TestImage(file: "a", ""))
            world.registry.state.withLock { $0.blobsAt = "http://169.254.169.254" }
            let error = try await #require(throws: ImageError.self) { _ = try await world.pull() }
            #expect(error.kind == .invalid)
        }
    }

    @Test("An account's access token is not sent to a stranger's registry")
    func accessToken() async throws {
        try await withSecret { world, _ in
            let error = try await #require(throws: ImageError.self) {
                _ = try await world.pull("secret", .accessToken("account"))
            }
            #expect(error.kind == .denied)
            let sent = world.registry.state.withLock {
                $0.requests.compactMap { $0.headers.first(name: "authorization") }
            }
            #expect(sent == [])
        }
    }
}
