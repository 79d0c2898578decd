import Access
import DirectorySupport
import Foundation
import Methods
import Schema
import SwiftProtobuf
import Testing
import Workload

@testable import SecretManager
@testable import Secrets

private typealias SecretMessage = Google_Cloud_Secretmanager_V1_Secret
private typealias VersionMessage = Google_Cloud_Secretmanager_V1_SecretVersion

@Suite("The Secret Manager API")
struct SecretAPITests {
    private let name = "projects/demo/secrets/password"

    @discardableResult
    private func create(
        _ world: SecretWorld, _ id: String = "password", at time: Date = Date(),
        _ fill: (inout SecretMessage) -> Void = { _ in }
    ) async throws -> SecretMessage {
        try await world.call(
            "CreateSecret",
            Google_Cloud_Secretmanager_V1_CreateSecretRequest.with {
                $0.parent = "projects/demo"
                $0.secretID = id
                $0.secret.replication.automatic = .init()
                fill(&$0.secret)
            }, at: time)
    }

    @discardableResult
    private func add(_ world: SecretWorld, _ value: String, checksum: Int64? = nil) async throws -> VersionMessage {
        try await world.call(
            "AddSecretVersion",
            Google_Cloud_Secretmanager_V1_AddSecretVersionRequest.with {
                $0.parent = name
                $0.payload.data = Data(value.utf8)
                if let checksum { $0.payload.dataCrc32C = checksum }
            })
    }

    private func access(
        _ world: SecretWorld, _ version: String, as email: String = "alice@example.com"
    ) async throws -> Google_Cloud_Secretmanager_V1_AccessSecretVersionResponse {
        try await world.call(
            "AccessSecretVersion",
            Google_Cloud_Secretmanager_V1_AccessSecretVersionRequest.with { $0.name = "\(name)/versions/\(version)" },
            as: email)
    }

    private func refusal(_ body: () async throws -> Void) async -> ServiceError? {
        await #expect(throws: ServiceError.self) { try await body() }
    }

    @Test("a value is read by its number, as the latest and by an alias, with its checksum")
    func values() async throws {
        let world = try await SecretWorld()
        let made = try await create(world)
        #expect(made.name == "projects/111111111111/secrets/password" && made.replication.automatic == .init())
        #expect(await refusal { _ = try await access(world, "latest") }?.code == .notFound)
        // The checksum of "123456789" is that of RFC 3720's readers.
        let first = try await add(world, "123456789", checksum: 0xE306_9283)
        #expect(first.name == "\(made.name)/versions/1" && first.state == .enabled)
        #expect(first.clientSpecifiedPayloadChecksum)
        try await add(world, "second")
        let aliased: SecretMessage = try await world.call(
            "UpdateSecret",
            Google_Cloud_Secretmanager_V1_UpdateSecretRequest.with {
                $0.secret.name = name
                $0.secret.versionAliases = ["prod": 1]
                $0.updateMask.paths = ["version_aliases"]
            })
        #expect(aliased.versionAliases == ["prod": 1])
        for (version, value) in [("1", "123456789"), ("2", "second"), ("latest", "second"), ("prod", "123456789")] {
            let read = try await access(world, version)
            #expect(read.payload.data == Data(value.utf8))
            #expect(read.payload.dataCrc32C == Int64(Checksum.crc32c(of: Data(value.utf8))))
        }
        for version in ["3", "0", "-1", "x", "99999999999999999999", "+1", "01"] {
            #expect(await refusal { _ = try await access(world, version) }?.code == .notFound, "\(version)")
        }
    }

    @Test(
        "a value that is too long, empty or damaged on its way is not taken",
        arguments: [
            ("", nil), (String(repeating: "x", count: 65_537), nil), ("value", 1), ("value", -1),
        ])
    func badValues(value: String, checksum: Int64?) async throws {
        let world = try await SecretWorld()
        try await create(world)
        let error = await refusal { try await add(world, value, checksum: checksum) }
        #expect(error?.code == .invalidArgument)
        #expect(try await world.secrets.store.count(of: world.directory.state.secrets.sorted[0].uid) == 0)
    }

    @Test("a version is disabled, enabled and destroyed, and its value read while it is enabled alone")
    func states() async throws {
        let world = try await SecretWorld()
        try await create(world)
        let version = try await add(world, "value")
        func change(_ verb: String, etag: String = "") async throws -> VersionMessage {
            let path = "\(name)/versions/1"
            switch verb {
            case "disable":
                return try await world.call(
                    "DisableSecretVersion",
                    Google_Cloud_Secretmanager_V1_DisableSecretVersionRequest.with {
                        $0.name = path
                        $0.etag = etag
                    })
            case "enable":
                return try await world.call(
                    "EnableSecretVersion",
                    Google_Cloud_Secretmanager_V1_EnableSecretVersionRequest.with { $0.name = path })
            default:
                return try await world.call(
                    "DestroySecretVersion",
                    Google_Cloud_Secretmanager_V1_DestroySecretVersionRequest.with { $0.name = path })
            }
        }
        #expect(await refusal { _ = try await change("disable", etag: "\"9\"") }?.code == .failedPrecondition)
        #expect(try await change("disable", etag: version.etag).state == .disabled)
        let disabled = await refusal { _ = try await access(world, "1") }
        #expect(disabled?.code == .failedPrecondition && disabled?.message.contains("is in DISABLED state") == true)
        #expect(await refusal { _ = try await access(world, "latest") }?.code == .failedPrecondition)
        #expect(try await change("enable").state == .enabled)
        #expect(try await access(world, "1").payload.data == Data("value".utf8))
        let destroyed = try await change("destroy")
        #expect(destroyed.state == .destroyed && destroyed.hasDestroyTime)
        #expect(await refusal { _ = try await access(world, "1") }?.message.contains("DESTROYED") == true)
        #expect(await refusal { _ = try await change("enable") }?.code == .failedPrecondition)
        // Numbers are not given out again.
        #expect(try await add(world, "next").name.hasSuffix("/versions/2"))
        let list: Google_Cloud_Secretmanager_V1_ListSecretVersionsResponse = try await world.call(
            "ListSecretVersions",
            Google_Cloud_Secretmanager_V1_ListSecretVersionsRequest.with {
                $0.parent = name
                $0.filter = "state:ENABLED"
            })
        #expect(list.versions.map(\.name) == ["projects/111111111111/secrets/password/versions/2"])
    }

    @Test("a secret's policy lets others read it, and goes with it; so do its values")
    func deletion() async throws {
        let world = try await SecretWorld()
        try await create(world)
        try await add(world, "old")
        let bob = "user:bob@example.com"
        #expect(await refusal { _ = try await access(world, "1", as: "bob@example.com") }?.code == .permissionDenied)
        try await world.directory.grant(
            "roles/secretmanager.secretAccessor", to: bob, on: .secret("password", project: "demo"))
        #expect(try await access(world, "1", as: "bob@example.com").payload.data == Data("old".utf8))
        let _: Google_Protobuf_Empty = try await world.call(
            "DeleteSecret", Google_Cloud_Secretmanager_V1_DeleteSecretRequest.with { $0.name = name })
        #expect(await refusal { _ = try await access(world, "1") }?.code == .notFound)
        try await create(world)
        try await add(world, "new")
        #expect(await refusal { _ = try await access(world, "1", as: "bob@example.com") }?.code == .permissionDenied)
        #expect(try await access(world, "1").payload.data == Data("new".utf8))
    }

    @Test(
        "a secret that cannot be is refused",
        arguments: [
            ("a/b", "id"), ("", "id"), ("ä", "id"), (String(repeating: "a", count: 256), "id"), ("x", "replication"),
            ("x", "labels"), ("x", "aliases"), ("x", "expiration"), ("x", "end of time"), ("x", "far end"),
            ("x", "annotations"), ("x", "location"),
        ])
    func bad(id: String, fault: String) async throws {
        let world = try await SecretWorld()
        let error = await refusal {
            try await create(world, id) { secret in
                switch fault {
                case "replication": secret.clearReplication()
                case "location":
                    let long = String(repeating: "x", count: 64)
                    secret.replication.userManaged.replicas = [.with { $0.location = long }]
                case "labels": secret.labels = ["Upper": "x"]
                case "aliases": secret.versionAliases = ["prod": 1]
                case "expiration": secret.ttl = .init(seconds: 1)
                case "end of time": secret.ttl = .init(seconds: .max)
                case "far end": secret.expireTime = .init(seconds: .max)
                case "annotations": secret.annotations = ["a": String(repeating: "x", count: 16 << 10)]
                default: break
                }
            }
        }
        #expect(error?.code == .invalidArgument)
        #expect(world.directory.state.secrets.count == 0)
    }

    @Test("a condition may name the version that can be read, which has no other name to get around it")
    func conditions() async throws {
        let world = try await SecretWorld()
        try await create(world)
        for value in ["one", "two"] { try await add(world, value) }
        let condition = PolicyCondition(
            "resource.name == 'projects/111111111111/secrets/password/versions/1'", title: "first")
        let binding = Binding(
            role: "roles/secretmanager.secretAccessor", members: ["user:bob@example.com"], condition: condition)
        try await world.directory.setBindings([binding], of: .secret("password", project: "demo"))
        #expect(try await access(world, "1", as: "bob@example.com").payload.data == Data("one".utf8))
        for version in ["2", "latest", "+1", "01"] {
            let error = await refusal { _ = try await access(world, version, as: "bob@example.com") }
            #expect(error?.code == .permissionDenied, "\(version)")
        }
    }

    @Test("a page ends early when what it holds is large, and the next one goes on")
    func largePages() async throws {
        let world = try await SecretWorld()
        for number in 0..<220 {
            try await create(world, "secret-\(number)") {
                $0.annotations = ["a": String(repeating: "x", count: 16_000)]
            }
        }
        var (names, token): ([String], String) = ([], "")
        repeat {
            let page: Google_Cloud_Secretmanager_V1_ListSecretsResponse = try await world.call(
                "ListSecrets",
                Google_Cloud_Secretmanager_V1_ListSecretsRequest.with {
                    $0.parent = "projects/demo"
                    $0.pageToken = token
                })
            #expect((try page.serializedBytes() as [UInt8]).count < 4 << 20 && page.totalSize == 220)
            names += page.secrets.map(\.name)
            token = page.nextPageToken
        } while !token.isEmpty && names.count < 1000
        #expect(names.count == 220 && Set(names).count == 220)
    }

    @Test("a secret whose time is over is gone, and its name free")
    func expiry() async throws {
        let world = try await SecretWorld()
        let now = Date()
        try await create(world, at: now - 120) { $0.ttl = .init(seconds: 60) }
        let error = await refusal { try await add(world, "late") }
        #expect(error?.code == .notFound)
        try await create(world, "second", at: now - 120) { $0.ttl = .init(seconds: 60) }
        try await create(world)
        try await world.secrets.purge(at: now)
        #expect(world.directory.state.secrets.sorted.map(\.resource) == [.secret("password", project: "demo")])
    }

    @Test("a change needs the etag that was read, when one is given")
    func etags() async throws {
        let world = try await SecretWorld()
        let made = try await create(world)
        let change = { (etag: String) in
            try await world.call(
                "UpdateSecret",
                Google_Cloud_Secretmanager_V1_UpdateSecretRequest.with {
                    $0.secret.name = name
                    $0.secret.etag = etag
                    $0.secret.labels = ["a": "b"]
                    $0.updateMask.paths = ["labels"]
                }, giving: SecretMessage.self)
        }
        let changed = try await change(made.etag)
        #expect(changed.etag != made.etag && changed.labels == ["a": "b"])
        #expect(await refusal { _ = try await change(made.etag) }?.code == .failedPrecondition)
    }

    @Test("a task's account reads what it may, and is told what it may not")
    func tasks() async throws {
        let world = try await SecretWorld()
        try await create(world)
        try await add(world, "value")
        let reader = SecretReader(
            secrets: world.secrets, gatekeeper: DirectoryGatekeeper(directory: world.directory), observer: world.heard)
        let account = Principal.user("task@example.com")
        let reference = SecretReference(project: "111111111111", secret: "password")
        let refused = await refusal { _ = try await reader.value(of: reference, as: account) }
        #expect(refused?.code == .permissionDenied)
        #expect(
            refused?.message.hasPrefix(
                "Permission denied on secret: projects/111111111111/secrets/password/versions/latest for service "
                    + "account task@example.com. The service account used must be granted the") == true)
        try await world.directory.grant(
            "roles/secretmanager.secretAccessor", to: "user:task@example.com",
            on: .secret("password", project: "demo"))
        #expect(try await reader.value(of: reference, as: account) == Data("value".utf8))
        #expect(world.heard.all.map { $0.error?.code } == [.permissionDenied, nil])
        #expect(world.heard.all.allSatisfy { $0.checks.first?.permission == "secretmanager.versions.access" })
    }
}
