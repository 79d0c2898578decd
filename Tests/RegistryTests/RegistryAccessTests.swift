import Access
import DirectorySupport
import Foundation
import HTTPTypes
import OCI
import Testing

@testable import Registry

@Suite("Who may pull and push")
struct RegistryAccessTests {
    private let path = "/v2/demo/images/report"
    private let repository = Resource.repository("images", location: "us-central1", project: "demo")

    @Test("without credentials one is told where to get a token, and for what")
    func challenge() async throws {
        let world = try await RegistryWorld()
        for (method, path, scope) in [
            (HTTPRequest.Method.get, "/v2/", ""),
            (.get, "\(path)/manifests/1", ",scope=\"repository:demo/images/report:pull\""),
            (.post, "\(path)/blobs/uploads/", ",scope=\"repository:demo/images/report:pull,push\""),
        ] {
            for name in [nil, "nobody"] {
                let answer = try await world.send(method, path, as: name)
                #expect(answer.status == 401 && answer.code == "UNAUTHORIZED")
                #expect(
                    answer.headers[.wwwAuthenticate]
                        == "Bearer realm=\"https://\(RegistryWorld.host)/v2/token\",service=\"\(RegistryWorld.host)\"\(scope)"
                )
            }
        }
        #expect(try await world.send(.get, "/v2/").status == 200)
    }

    @Test(
        "the token's endpoint takes access tokens as passwords, and nothing else",
        arguments: [
            ("oauth2accesstoken:alice", 200, "\"token\":\"alice\""),
            ("_dcgcloud_token:alice", 200, "\"token\":\"alice\""),
            ("oauth2accesstoken:mallory", 401, "UNAUTHORIZED"), ("alice:alice", 401, "UNAUTHORIZED"),
            ("_json_key:{}", 401, "UNAUTHORIZED"), ("_json_key_base64:e30=", 401, "UNAUTHORIZED"),
            (
                "_json_key:{\"type\":\"service_account\",\"private_key\":\"x\",\"client_email\":\"y\"}", 401,
                "UNAUTHORIZED"
            ),
            ("oauth2accesstoken", 401, "UNAUTHORIZED"), ("", 401, "UNAUTHORIZED"),
        ])
    func tokens(credentials: String, status: Int, text: String) async throws {
        let world = try await RegistryWorld()
        let basic = "Basic \(Data(credentials.utf8).base64EncodedString())"
        let answer = try await world.send(
            .get, "/v2/token?service=x&scope=repository:a:pull", as: nil, headers: [.authorization: basic])
        #expect(answer.status == status && answer.text.contains(text), "\(answer)")
        // The same credentials are good or bad without the detour.
        #expect(try await world.send(.get, "/v2/", as: nil, headers: [.authorization: basic]).status == status)
    }

    @Test("whoever brings nothing may pull what everybody may")
    func anonymous() async throws {
        let world = try await RegistryWorld()
        try await world.pushImage()
        #expect(try await world.send(.get, "/v2/token", as: nil).text.contains(#""token":"anonymous""#))
        let refused = try await world.send(.get, "\(path)/manifests/1", as: "anonymous")
        #expect(refused.status == 403 && refused.text.contains("Unauthenticated request"))
        try await world.directory.grant("roles/artifactregistry.reader", to: "allUsers", on: repository)
        #expect(try await world.send(.get, "\(path)/manifests/1", as: "anonymous").status == 200)
        #expect(try await world.send(.post, "\(path)/blobs/uploads/", as: "anonymous").status == 403)
    }

    @Test(
        "each request needs its permission, and what is refused says which",
        arguments: [
            (nil, [403, 403, 403, 403, 403, 403]), ("reader", [200, 200, 200, 403, 403, 403]),
            ("writer", [200, 200, 200, 202, 201, 403]), ("repoAdmin", [200, 200, 200, 202, 201, 202]),
        ])
    func permissions(role: String?, statuses: [Int]) async throws {
        let world = try await RegistryWorld()
        try await world.pushImage()
        if let role {
            try await world.directory.grant(
                "roles/artifactregistry.\(role)", to: "user:bob@example.com", on: repository)
        }
        let manifest = try await world.send(.get, "\(path)/manifests/1").body
        let blob = Digest(of: Array("layer".utf8))
        let answers = [
            try await world.send(.get, "\(path)/manifests/1", as: "bob"),
            try await world.send(.get, "\(path)/blobs/\(blob)", as: "bob"),
            try await world.send(.get, "\(path)/tags/list", as: "bob"),
            try await world.send(.post, "\(path)/blobs/uploads/", as: "bob"),
            try await world.put(manifest, to: "demo/images/report/manifests/2", as: "bob"),
            try await world.send(.delete, "\(path)/manifests/1", as: "bob"),
        ]
        #expect(answers.map(\.status) == statuses)
        let permissions = [
            "repositories.downloadArtifacts", "repositories.downloadArtifacts", "repositories.downloadArtifacts",
            "repositories.uploadArtifacts", "repositories.uploadArtifacts", "tags.delete",
        ]
        for (answer, permission) in zip(answers, permissions) where answer.status == 403 {
            #expect(answer.code == "DENIED")
            #expect(
                answer.text.contains(
                    #"Permission \"artifactregistry.\#(permission)\" denied on resource "#
                        + #"\"projects\/demo\/locations\/us-central1\/repositories\/images\" (or it may not exist)"#),
                "\(answer)")
        }
    }

    @Test("a repository that does not exist is told to those alone who may know, and a push makes none")
    func missing() async throws {
        let world = try await RegistryWorld()
        let path = "/v2/demo/none/report/blobs/uploads/"
        #expect(try await world.send(.post, path).code == "NAME_UNKNOWN")
        #expect(try await world.send(.post, path, as: "bob").code == "DENIED")
        #expect(try await world.send(.post, "/v2/nowhere/none/report/blobs/uploads/").code == "DENIED")
        #expect(try await world.send(.post, "/v2/other/private/report/blobs/uploads/").code == "DENIED")
        // The host says where a repository lies.
        #expect(
            try await world.send(.get, "\(path)", host: "europe-docker.pkg.dev").status != 200)
        let elsewhere = try await world.send(.get, "/v2/demo/images/report/tags/list", host: "europe-docker.pkg.dev")
        #expect(elsewhere.code == "NAME_UNKNOWN")
        let number = try await world.send(.post, "/v2/111111111111/images/report/blobs/uploads/")
        #expect(number.status == 202, "\(number)")
    }

    @Test(
        "a registry is found by its host, in the private universe too, and at a plain address by the path",
        arguments: [
            ("us-central1-docker.pkg.dev", "demo/images/report", 202),
            ("us-central1-docker.pkg.landfall.test", "demo/images/report", 202),
            ("127.0.0.1", "us-central1-docker.pkg.dev/demo/images/report", 202),
            ("127.0.0.1", "demo/images/report", 400), ("127.0.0.1", "-docker.pkg.dev/demo/images/report", 400),
            ("docker.pkg.dev", "demo/images/report", 400), ("a.b-docker.pkg.dev", "demo/images/report", 400),
            ("us-central1-docker.pkg.dev.example.com", "demo/images/report", 400),
        ])
    func hosts(host: String, image: String, status: Int) async throws {
        let world = try await RegistryWorld()
        let begun = try await world.send(.post, "/v2/\(image)/blobs/uploads/", host: host)
        #expect(begun.status == status, "\(begun)")
        guard status == 202 else { return }
        #expect(begun.location.hasPrefix("/v2/\(image)/blobs/uploads/"))
        #expect(try await world.send(.get, begun.location, host: host).status == 204)
    }

    @Test(
        "the protocol is spoken at registries and plain addresses, and nowhere else",
        arguments: [
            ("us-central1-docker.pkg.dev", "/v2/", true), ("us-central1-docker.pkg.dev", "/v2/x", true),
            ("127.0.0.1", "/v2/", true), ("localhost", "/v2/us-docker.pkg.dev/demo/images/report/tags/list", true),
            ("127.0.0.1", "/v2/projects/demo/policies", false), ("us-central1-docker.pkg.dev", "/v1/x", false),
            ("run.googleapis.com", "/v2/projects/demo/locations/us-central1/jobs", false),
            ("orgpolicy.landfall.test", "/v2/", false), ("us-central1-docker.pkg.dev", "/v2x", false),
        ])
    func served(host: String, path: String, isServed: Bool) async throws {
        let world = try await RegistryWorld()
        #expect(
            world.registry.serves(path: path, host: host, domains: ["googleapis.com", "pkg.dev", "landfall.test"])
                == isServed)
    }

    @Test("a blob is mounted from a repository that one may read, and has to be sent otherwise")
    func mount() async throws {
        let world = try await RegistryWorld()
        let secret = Data("secret".utf8)
        try await world.push(secret, to: "other/private/report", as: "carol")
        let mount = "\(path)/blobs/uploads/?mount=\(Digest(of: secret))&from=other/private/report"
        let refused = try await world.send(.post, mount)
        #expect(refused.status == 202 && refused.digest == nil, "\(refused)")
        #expect(try await world.send(.head, "\(path)/blobs/\(Digest(of: secret))").status == 404)
        for from in ["", "x", "../other/private/report", "other/private", "demo/none/report"] {
            let unknown = try await world.send(
                .post, "\(path)/blobs/uploads/?mount=\(Digest(of: secret))&from=\(from)")
            #expect(unknown.status == 202, "\(from)")
        }
        #expect(try await world.send(.post, "\(path)/blobs/uploads/?mount=x&from=other/private/report").status == 400)
        try await world.directory.grant(
            "roles/artifactregistry.reader", to: "user:alice@example.com",
            on: .repository("private", location: "us-central1", project: "other"))
        let mounted = try await world.send(.post, mount)
        #expect(mounted.status == 201 && mounted.digest == Digest(of: secret).description)
        #expect(try await world.send(.get, "\(path)/blobs/\(Digest(of: secret))").body == secret)
    }

    @Test(
        "paths that are none are answered with an error and touch nothing",
        arguments: [
            "/v2/demo/images/../../etc/passwd/manifests/1", "/v2/demo/images/%2e%2e/%2e%2e/manifests/1",
            "/v2/demo/images/report/blobs/sha256:../../../../etc/passwd", "/v2/demo/images/report/blobs/..%2F..%2Fx",
            "/v2/demo/images/report/blobs/uploads/../../x", "/v2/demo/images/report/blobs/uploads/%00",
            "/v2/demo/images/report/blobs/uploads/00000000-0000-0000-0000-00000000000G",
            "/v2/demo/images//manifests/1", "/v2/demo//report/manifests/1", "/v2//images/report/manifests/1",
            "/v2/demo/images/REPORT/manifests/1", "/v2/demo/images/report/manifests/",
            "/v2/demo/images/report/manifests/a%20b",
            "/v2/demo/images/manifests/1", "/v2/manifests/1", "/v2/_catalog", "/v2/demo", "/v2/demo/images/report",
            "/v2/demo/images/report/tags", "/v2/demo/images/report/tags/list/more",
            "/v2/demo/images/re%FFport/manifests/1",
            "/v2/demo/images/%00/manifests/1", "/v2x", "/v2/demo/images/report/referrers/x",
        ] + ["/v2/demo/images/\(String(repeating: "a", count: 2_000))/manifests/1"])
    func tricks(path: String) async throws {
        let world = try await RegistryWorld()
        for method in [HTTPRequest.Method.get, .put, .post, .patch, .delete] {
            let answer = try await world.send(method, path)
            #expect([400, 404, 405].contains(answer.status), "\(method) \(path): \(answer)")
            #expect(answer.code != nil)
        }
        let kept = try FileManager.default.subpathsOfDirectory(atPath: world.path)
        #expect(Set(kept).isSubset(of: ["blobs", "uploads", "registry.db", "registry.db-wal", "registry.db-shm"]))
    }

    @Test("what was asked for and what was refused is told to whoever keeps the audit log")
    func heard() async throws {
        let world = try await RegistryWorld()
        try await world.pushImage()
        _ = try await world.send(.get, "\(path)/manifests/1", as: "bob")
        let calls = world.heard.all
        #expect(
            calls.first?.method == "Docker-StartUpload" && calls.first?.service == "artifactregistry.googleapis.com")
        #expect(calls.contains { $0.method == "Docker-PutManifest" && $0.error == nil })
        let refused = try #require(calls.last)
        #expect(refused.method == "Docker-GetManifest" && refused.error?.code == .permissionDenied)
        #expect(refused.caller?.principal == .user("bob@example.com") && refused.checks.first?.resource == repository)
    }
}
