import Access
import ArtifactRegistry
import Directory
import DirectorySupport
import DockerRegistry
import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import Methods
import NIOCore
import OCI
import SwiftProtobuf
import Synchronization
import Testing

@testable import Registry

/// A registry with the repository `images` of alice's project `demo`, and `private` of carol's project `other`.
final class RegistryWorld: Sendable {
    static let host = "us-central1-docker.pkg.dev"

    let directory: Directory
    let images: ImageStore
    let registry: DockerRegistry
    let api: API
    let heard = HeardCalls()
    let clock = TestClock()
    let path: String
    private let gatekeeper: NamedGatekeeper

    init() async throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("landfall-\(UUID().uuidString)").path
        directory = try await Directory.ofExample()
        for (id, number, owner) in [("demo", "111111111111", "alice"), ("other", "222222222222", "carol")] {
            let project = try await directory.addProject(id, number: number)
            try await directory.setBindings(
                [Binding(role: "roles/owner", members: ["user:\(owner)@example.com"])], of: project.resource)
        }
        images = try ImageStore(directory: path, now: { [clock] in clock.now })
        gatekeeper = NamedGatekeeper(decisions: DirectoryGatekeeper(directory: directory))
        registry = DockerRegistry(
            images: images, directory: directory, universe: "landfall.test", gatekeeper: gatekeeper, observer: heard,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        api = ArtifactRegistryAPI.api(directory: directory, images: images)
        try await addRepository("images", project: "demo")
        try await addRepository("private", project: "other")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func addRepository(_ name: String, project: String, immutable: Bool = false) async throws -> RepositoryRecord {
        let record = RepositoryRecord(
            .repository(name, location: "us-central1", project: project), uid: UUID().uuidString.lowercased(),
            tagsAreImmutable: immutable, createdAt: Date())
        try await directory.change { try $0.put(record) }
        return record
    }

    /// Sends a request of the protocol.
    ///
    /// - Parameter name: whose token it brings; nil for none.
    func send(
        _ method: HTTPRequest.Method, _ path: String, as name: String? = "alice", headers: HTTPFields = [:],
        body: RequestBody = RequestBody(buffer: ByteBuffer()), host: String = RegistryWorld.host
    ) async throws -> Answer {
        var headers = headers
        if let name { headers[.authorization] = "Bearer \(name)" }
        let request = Request(
            head: HTTPRequest(
                method: method, scheme: "https", authority: host, path: path, headerFields: headers),
            body: body)
        let response = await registry.respond(to: request, host: host, isSecure: true)
        return try await Answer(response)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, as name: String? = "alice", headers: HTTPFields = [:],
        bytes: some Sequence<UInt8>
    ) async throws -> Answer {
        try await send(
            method, path, as: name, headers: headers, body: RequestBody(buffer: ByteBuffer(bytes: Array(bytes))))
    }

    /// Sends a blob in one request.
    func push(_ blob: Data, to repository: String = "demo/images/report", as name: String = "alice") async throws {
        let answer = try await send(
            .post, "/v2/\(repository)/blobs/uploads/?digest=\(Digest(of: blob))", as: name, bytes: blob)
        try #require(answer.status == 201, "\(answer)")
    }

    /// Sends an image of one layer and gives it a tag.
    ///
    /// - Returns: the digest of its manifest.
    @discardableResult
    func pushImage(
        _ layer: String = "layer", to repository: String = "demo/images/report", tag: String = "1",
        as name: String = "alice"
    ) async throws -> String {
        let config = Data(#"{"architecture":"amd64","os":"linux","created":"2026-01-02T03:04:05Z"}"#.utf8)
        try await push(config, to: repository, as: name)
        try await push(Data(layer.utf8), to: repository, as: name)
        let manifest = Samples.manifest(config: config, layers: [Data(layer.utf8)])
        let answer = try await put(manifest, to: "\(repository)/manifests/\(tag)", as: name)
        try #require(answer.status == 201, "\(answer)")
        return Digest(of: manifest).description
    }

    func put(
        _ manifest: Data, to path: String, as name: String = "alice", type: MediaType = .image
    ) async throws -> Answer {
        try await send(.put, "/v2/\(path)", as: name, headers: [.contentType: type.rawValue], bytes: manifest)
    }

    /// Calls a method of the API by its last name, after the check that its row asks for.
    func call<Request: Message & Sendable, Response: Message & Sendable>(
        _ name: String, _ request: Request, as email: String = "alice@example.com",
        giving: Response.Type = Response.self
    ) async throws -> Response {
        try await api.call(name, request, as: email, at: clock.now, gatekeeper: gatekeeper)
    }
}

/// What was answered.
struct Answer: CustomStringConvertible {
    let status: Int
    let headers: HTTPFields
    let body: Data

    init(_ response: Response) async throws {
        status = response.status.code
        headers = response.headers
        let sink = Sink()
        try await response.body.write(sink)
        body = sink.bytes.withLock { $0 }
    }

    var text: String { String(decoding: body, as: UTF8.self) }
    /// The code of the first error.
    var code: String? {
        struct Faults: Decodable {
            struct Fault: Decodable { let code: String }
            let errors: [Fault]
        }
        return try? JSONDecoder().decode(Faults.self, from: body).errors.first?.code
    }
    var location: String { headers[.location] ?? "" }
    var digest: String? { headers[HTTPField.Name("Docker-Content-Digest") ?? .server] }
    var description: String { "\(status) \(headers) \(text.prefix(500))" }
}

/// Takes the body of an answer.
private final class Sink: ResponseBodyWriter, Sendable {
    let bytes = Mutex(Data())

    func write(_ buffer: ByteBuffer) async throws { bytes.withLock { $0.append(contentsOf: buffer.readableBytesView) } }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// Knows callers by tokens that are their names, and decides by a directory.
struct NamedGatekeeper: Gatekeeper {
    let decisions: DirectoryGatekeeper

    func authenticate(authorization: String?, service: String) async throws -> Caller {
        let name = (authorization ?? "").split(separator: " ").last.map(String.init) ?? ""
        guard ["alice", "bob", "carol"].contains(name) else { throw ServiceError.missingCredential }
        return Caller(principal: .user("\(name)@example.com"), expiresAt: .distantFuture)
    }

    func decide(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Decision { decisions.decide(principal, permission, on: resource, in: context) }

    func explain(
        _ principal: Principal, _ permission: Permission, on resource: Resource, in context: RequestContext
    ) -> Proof { decisions.explain(principal, permission, on: resource, in: context) }

    func requireEnabled(service: String, project: String) async throws {}
    func projectID(_ idOrNumber: String) -> String? { decisions.projectID(idOrNumber) }
    func located(_ named: Resource) -> Resource? { decisions.located(named) }
}

/// A clock that a test sets forward.
final class TestClock: Sendable {
    private let ahead = Mutex<TimeInterval>(0)

    var now: Date { Date() + ahead.withLock { $0 } }

    func advance(by seconds: TimeInterval) { ahead.withLock { $0 += seconds } }
}
