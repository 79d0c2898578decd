import Federation
import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import Server

@Suite("What an issuer publishes", .timeLimit(.minutes(10)))
struct IssuerClientTests {
    private func fetch(_ answer: LocalOrigin.Answer, patience: Duration = .seconds(60)) async throws -> [UInt8] {
        try await LocalOrigin.with(answer) { port in
            let url = try #require(IssuerURL("http://127.0.0.1:\(port)/.well-known/openid-configuration"))
            return try await IssuerClient(patience: patience).document(at: url)
        }
    }

    @Test("is fetched")
    func fetched() async throws {
        let body = #"{"issuer": "x"}"#
        #expect(try await fetch(.text("200 OK", body)) == Array(body.utf8))
    }

    @Test(
        "is refused when it is another answer, or leads elsewhere",
        arguments: ["404 Not Found", "500 x", "204 x", "301 x\r\nlocation: http://127.0.0.1:1/", "206 x"])
    func status(status: String) async throws {
        await #expect(throws: IssuerFailure.self) { try await fetch(.text(status, "{}")) }
    }

    @Test("is refused when it is too long, whether it says so or not", arguments: [true, false])
    func long(says: Bool) async throws {
        let body = String(repeating: "x", count: KeySet.longestDocument + 1)
        await #expect(throws: NIOTooManyBytesError.self) { try await fetch(says ? .text("200 OK", body) : .endless) }
    }

    @Test("is given up when it takes too long")
    func slow() async throws {
        await #expect(throws: IssuerFailure.self) { try await fetch(.silence, patience: .milliseconds(300)) }
    }

    @Test("is given up when nobody is there")
    func nobody() async throws {
        let port = try await LocalOrigin.with(.silence) { $0 }
        let url = try #require(IssuerURL("http://127.0.0.1:\(port)/"))
        await #expect(throws: (any Error).self) { try await IssuerClient().document(at: url) }
    }
}

/// A server on this machine that answers each connection in one way.
struct LocalOrigin {
    /// How it answers.
    enum Answer: Sendable {
        /// With this status and body.
        case text(String, String)
        /// With what lies at the path that is asked for; `{port}` in it is the port.
        case documents([String: String])
        /// With a body that does not end.
        case endless
        /// Not at all.
        case silence
    }

    /// Runs `body` with the number of its port.
    static func with<Value: Sendable>(
        _ answer: Answer, _ body: (Int) async throws -> Value
    ) async throws -> Value {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(server.localAddress?.port ?? 0)) } catch { outcome = .failure(error) }
        try await server.close()
        return try outcome.get()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: Answer
        private var isAnswered = false

        init(_ answer: Answer) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !isAnswered else { return }
            isAnswered = true
            switch answer {
            case .silence: break
            case .text(let status, let body):
                send("HTTP/1.1 \(status)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)", context)
            case .documents(let documents):
                let line = String(buffer: unwrapInboundIn(data)).prefix { !$0.isNewline }
                let path = String(line.split(separator: " ").dropFirst().first ?? "")
                let port = context.channel.localAddress?.port ?? 0
                let body = (documents[path] ?? "").replacing("{port}", with: "\(port)")
                let status = documents[path] == nil ? "404 Not Found" : "200 OK"
                send("HTTP/1.1 \(status)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)", context)
            case .endless:
                send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", context)
                let chunk = "8000\r\n\(String(repeating: "x", count: 0x8000))\r\n"
                // More than is read, and no end.
                for _ in 0..<20 { send(chunk, context) }
            }
        }

        private func send(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }
    }
}
