import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
import Testing

@testable import Gateway

@Suite("Unary gRPC calls", .timeLimit(.minutes(10)))
struct UnaryTests {
    @Test("They work in the clear, over TLS and over a Unix socket", arguments: TestGateway.Way.allCases)
    func works(way: TestGateway.Way) async throws {
        let echo = EchoAPIs()
        try await TestGateway.with(apis: echo.apis) { (gateway) async throws in
            let job = try await gateway.call(way) { try await getJob($0, "projects/p") }
            #expect(job.name == "projects/p")
            #expect(job.uid == "batch.googleapis.com")
        }
    }

    @Test(
        "The host chooses between APIs with the same method",
        arguments: [("batch.googleapis.com", "batch"), ("logging.landfall.test:443", "logging")])
    func hosts(host: String, expected: String) async throws {
        let echo = EchoAPIs()
        try await TestGateway.with(apis: echo.apis) { (gateway) async throws in
            let name = try await gateway.call(host: host) { try await getOperation($0) }
            #expect(name == expected)
        }
    }

    @Test("A host that names no API is enough for a method that one API has")
    func noHost() async throws {
        let echo = EchoAPIs()
        try await TestGateway.with(apis: echo.apis) { (gateway) async throws in
            try await gateway.call(host: "127.0.0.1") { (client) async throws in
                #expect(try await getJob(client, "x").name == "x")
                let error = await #expect(throws: RPCError.self) { try await getOperation(client) }
                #expect(error?.code == .unimplemented)
                #expect(error?.message.contains("batch.googleapis.com, logging.googleapis.com") == true)
            }
        }
    }

    @Test("A method that the host does not have, or nobody, is unimplemented")
    func unknownMethod() async throws {
        let echo = EchoAPIs()
        try await TestGateway.with(apis: echo.apis) { (gateway) async throws in
            try await gateway.call(host: "logging.googleapis.com") { (client) async throws in
                let missing = await #expect(throws: RPCError.self) { try await getOperation(client, method: "Nope") }
                #expect(missing?.code == .unimplemented)
                let other = await #expect(throws: RPCError.self) { try await getJob(client, "x") }
                #expect(other?.code == .unimplemented)
            }
        }
    }

    @Test("An error arrives with its text and its details")
    func details() async throws {
        let echo = EchoAPIs()
        try await TestGateway.with(apis: echo.apis) { (gateway) async throws in
            let error = await #expect(throws: RPCError.self) {
                try await gateway.call { try await getJob($0, "missing") }
            }
            #expect(error?.code == .notFound)
            #expect(error?.message == "100% größer: missing")
            let status = try #require(try error?.unpackGoogleRPCStatus())
            #expect(status.message == "100% größer: missing")
            #expect(status.details.first?.errorInfo?.reason == "GONE")
        }
    }

    @Test("An unexpected error tells nothing of itself")
    func internalError() async throws {
        let echo = EchoAPIs()
        try await TestGateway.with(apis: echo.apis) { (gateway) async throws in
            let error = await #expect(throws: RPCError.self) {
                try await gateway.call { try await getJob($0, "leak") }
            }
            #expect(error?.code == .internalError)
            #expect(error?.message.contains("Internal error encountered.") == true)
            #expect(error?.message.contains("1234") == false)
        }
    }

    @Test("The client's deadline cancels the handler")
    func deadline() async throws {
        let echo = EchoAPIs()
        try await TestGateway.with(apis: echo.apis) { (gateway) async throws in
            var options = CallOptions.defaults
            // The connection is made before, so that the time is the handler's.
            options.timeout = .seconds(1)
            let limited = options
            let error = await #expect(throws: RPCError.self) {
                try await gateway.call { client in
                    _ = try await getJob(client, "x")
                    return try await getJob(client, "slow", options: limited)
                }
            }
            #expect(error?.code == .deadlineExceeded)
            #expect(await echo.ended.first { _ in true } != nil)
        }
    }

    @Test("A client that goes away cancels the handler")
    func cancellation() async throws {
        let echo = EchoAPIs()
        try await TestGateway.with(apis: echo.apis) { (gateway) async throws in
            try await gateway.call { (client) async throws in
                let call = Task { try await getJob(client, "slow") }
                // A second call on the same connection returns only after the first has been sent.
                _ = try await getJob(client, "x")
                call.cancel()
                await #expect(throws: (any Error).self) { try await call.value }
            }
            #expect(await echo.ended.first { _ in true } != nil)
        }
    }

    @Test("A message over the limit is refused with both sizes")
    func tooLarge() async throws {
        var limits = TestGateway.testLimits
        limits.messageBytes = 1_000
        let echo = EchoAPIs()
        try await TestGateway.with(limits: limits, apis: echo.apis) { (gateway) async throws in
            let error = await #expect(throws: RPCError.self) {
                try await gateway.call { try await getJob($0, String(repeating: "x", count: 2_000)) }
            }
            #expect(error?.code == .resourceExhausted)
            #expect(error?.message.contains("1000") == true)
        }
    }

    @Test("A compressed message is refused as the protocol says")
    func compression() async throws {
        let echo = EchoAPIs()
        try await TestGateway.with(apis: echo.apis) { (gateway) async throws in
            let error = await #expect(throws: RPCError.self) {
                try await gateway.call(configure: { $0.compression.algorithm = .gzip }) {
                    try await getJob($0, "x")
                }
            }
            #expect(error?.code == .unimplemented)
        }
    }
}
