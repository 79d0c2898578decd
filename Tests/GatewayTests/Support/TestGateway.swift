import Foundation
import HTTPTypes
import HummingbirdCore
import Identity
import Logging
import Methods
import NIOCore
import ServiceLifecycle

@testable import Gateway

/// A gateway on free ports, for the duration of a test.
struct TestGateway: Sendable {
    let port: Int
    let socketPath: String
    /// The authority's certificate in PEM.
    let certificateFile: String

    /// Runs a gateway with one TCP and one Unix endpoint, and stops it gracefully.
    static func with<Value: Sendable>(
        limits: Limits = testLimits, apis: [API] = [], proxy: ProxyPolicy? = ProxyPolicy(),
        rest: @escaping Endpoint.RESTResponse = echo, invoker: Invoker? = nil,
        body: @Sendable (TestGateway) async throws -> Value
    ) async throws -> Value {
        let directory = FileManager.default.temporaryDirectory.appending(path: "gw-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let authority = try Authority(directory: directory.path, names: ["googleapis.com", "landfall.test"])
        let logger = Logger(label: "gateway.test") { _ in SwiftLogNoOpLogHandler() }
        let methods = MethodRegistry(
            table: APITable(apis: apis, universes: ["landfall.test"]),
            invoker: invoker ?? Invoker(gatekeeper: FakeGatekeeper(), logger: logger))
        let grpc = GRPCResponder(methods: methods, messageLimit: limits.messageBytes, logger: logger)
        let socketPath = directory.path + "/control.sock"
        let endpoints = [
            Endpoint(
                .tcp(host: "127.0.0.1", port: 0), rest: rest, grpc: grpc,
                isUnhurried: { path, _ in path == "/unhurried" }, certificates: AuthoritySource(authority: authority),
                proxy: proxy),
            Endpoint(.unix(path: socketPath), rest: rest, grpc: grpc),
        ]
        let (listening, report) = AsyncStream.makeStream(of: [Int].self)
        let server = GatewayServer(endpoints: endpoints, limits: limits, logger: logger) { report.yield($0) }
        let group = ServiceGroup(services: [server], gracefulShutdownSignals: [], logger: logger)
        let running = Task {
            defer { report.finish() }
            try await group.run()
        }
        guard let port = await listening.first(where: { _ in true })?.first else {
            try await running.value
            throw CancellationError()
        }
        let result: Result<Value, any Error>
        do {
            result = .success(
                try await body(
                    TestGateway(port: port, socketPath: socketPath, certificateFile: authority.certificateFile)))
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await running.value
        return try result.get()
    }

    /// Short enough for tests that wait for a limit.
    static var testLimits: Limits {
        var limits = Limits()
        limits.grace = .milliseconds(200)
        limits.connect = .seconds(2)
        return limits
    }

    /// Says how the request arrived.
    static let echo: Endpoint.RESTResponse = { request, host, peer in
        let body = (try? await request.body.collect(upTo: 1 << 20)) ?? ByteBuffer()
        let text =
            "\(request.method) \(request.head.path ?? "") host=\(host) tls=\(peer.isSecure) body=\(body.readableBytes)"
        return Response(
            status: .ok, headers: [.contentLength: "\(text.utf8.count)"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

private struct AuthoritySource: CertificateSource {
    let authority: Authority

    func identity(forServerName serverName: String?) async throws -> TLSIdentity {
        let leaf = try authority.leaf(for: serverName ?? "127.0.0.1")
        return TLSIdentity(
            certificateChain: [leaf.certificate, leaf.issuer], privateKeyPEM: leaf.privateKeyPEM,
            renewAt: leaf.notValidAfter)
    }
}
