import GRPCCore
import GRPCNIOTransportHTTP2
import Schema
import Testing

@testable import Gateway

@Suite("Streaming gRPC calls", .timeLimit(.minutes(10)))
struct StreamTests {
    private static let host = "logging.googleapis.com"

    @Test("Requests and responses alternate while both sides are open", arguments: TestGateway.Way.allCases)
    func bidirectional(way: TestGateway.Way) async throws {
        let echo = EchoAPIs()
        try await TestGateway.with(apis: echo.apis) { (gateway) async throws in
            try await gateway.call(way, host: Self.host) { (client) async throws in
                let (answers, answered) = AsyncStream.makeStream(of: String.self)
                try await tail(client) { (writer) async throws in
                    var answers = answers.makeAsyncIterator()
                    for name in ["a", "b", "c"] {
                        try await writer.write(.with { $0.resourceNames = [name] })
                        #expect(await answers.next() == name)
                    }
                } responses: { response in
                    for try await message in response.messages {
                        answered.yield(message.entries.first?.textPayload ?? "")
                    }
                }
            }
        }
    }

    @Test("One request can have many responses")
    func serverStreaming() async throws {
        let echo = EchoAPIs()
        try await TestGateway.with(apis: echo.apis) { (gateway) async throws in
            let count = try await gateway.call(host: Self.host) { (client) async throws in
                try await tail(client) { (writer) async throws in
                    try await writer.write(.with { $0.filter = "1000" })
                } responses: { response in
                    try await response.messages.reduce(0) { count, _ in count + 1 }
                }
            }
            #expect(count == 1_000)
        }
    }

    @Test("A client that leaves an open stream ends the handler")
    func cancellation() async throws {
        let echo = EchoAPIs()
        try await TestGateway.with(apis: echo.apis) { (gateway) async throws in
            try await gateway.call(host: Self.host) { (client) async throws in
                let (arrived, report) = AsyncStream.makeStream(of: Void.self)
                let call = Task {
                    try await tail(client) { (writer) async throws in
                        try await writer.write(.with { $0.resourceNames = ["a"] })
                        try await Task.sleep(for: .seconds(60))
                    } responses: { response in
                        for try await _ in response.messages { report.yield() }
                    }
                }
                _ = await arrived.first { _ in true }
                call.cancel()
                _ = await call.result
            }
            #expect(await echo.ended.first { _ in true } != nil)
        }
    }

    @Test("A handler waits for a client that does not read")
    func slowReader() async throws {
        let echo = EchoAPIs()
        try await TestGateway.with(apis: echo.apis) { (gateway) async throws in
            try await gateway.call(host: Self.host, configure: { $0.http2.targetWindowSize = 65_535 }) {
                (client) async throws in
                let received = try await tail(client) { (writer) async throws in
                    try await writer.write(.with { $0.filter = "flood" })
                } responses: { response in
                    try await untilSteady(echo.sent)
                    #expect(echo.sent.value < 400)
                    return try await response.messages.reduce(0) { count, _ in count + 1 }
                }
                #expect(received == 500)
            }
        }
    }

    /// Waits until a count has stood still for a while; nothing announces that it will not go on.
    private func untilSteady(_ counter: Counter) async throws {
        var last = -1
        while last != counter.value || last == 0 {
            last = counter.value
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    @Test("A stream that is open does not keep the server from stopping")
    func shutdown() async throws {
        let echo = EchoAPIs()
        let call = try await TestGateway.with(apis: echo.apis) { (gateway) async throws in
            let (arrived, report) = AsyncStream.makeStream(of: Void.self)
            let call = Task {
                try await gateway.call(host: Self.host) { (client) async throws in
                    try await tail(client) { (writer) async throws in
                        try await writer.write(.with { $0.resourceNames = ["a"] })
                        try await Task.sleep(for: .seconds(60))
                    } responses: { response in
                        for try await _ in response.messages { report.yield() }
                    }
                }
            }
            _ = await arrived.first { _ in true }
            return call
        }
        call.cancel()
        await #expect(throws: (any Error).self) { try await call.value }
    }
}
