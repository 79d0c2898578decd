import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOPosix
import Tunnels

/// An absolute-form request for a foreign host, passed on over a connection of its own.
struct Forward: Sendable {
    let request: Request
    let target: AbsoluteTarget
    let policy: ProxyPolicy
    let limits: Limits
    /// The connection that the request came from.
    let client: any Channel

    private typealias Upstream = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    /// Fields that concern one connection alone (RFC 9110, 7.6.1), and those that are written anew.
    private static let hopByHop: Set<String> = [
        "connection", "proxy-connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
        "proxy-authorization", "proxy-authenticate", "host",
    ]

    /// - Throws: when either connection fails after the response has begun.
    func run(with writer: consuming ResponseWriter) async throws {
        let upstream: Upstream
        do {
            upstream = try await connect()
        } catch {
            return try await writer.write(error)
        }
        let ends = upstream.channel
        let ownPort = client.localAddress?.port
        // A closure cannot consume what it captures, but it can take it out of a variable.
        var slot = Optional(writer)
        try await upstream.executeThenClose { inbound, outbound in
            guard let writer = slot.take() else { return }
            if let refusal = policy.refusal(peer: ends.remoteAddress, ownEnd: ends.localAddress, port: ownPort) {
                return try await writer.write(refusal)
            }
            // Cancelled when the response has ended first.
            async let _ = send(to: outbound)
            try await receive(from: inbound, writer)
        }
    }

    private func connect() async throws(HTTPRefusal) -> Upstream {
        do {
            return try await ClientBootstrap(group: client.eventLoop)
                .connectTimeout(TimeAmount(limits.connect))
                .connect(host: target.authority.host, port: target.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        return try Upstream(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            throw .badGateway("\(target.authority.host) could not be reached: \(error)\n")
        }
    }

    private func send(to upstream: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>) async throws {
        var fields = HTTPHeaders(Self.forwarded(request.headers))
        let port = target.authority.port.map { ":\($0)" } ?? ""
        fields.add(name: "host", value: target.authority.host + port)
        fields.add(name: "connection", value: "close")
        if request.headers[.contentLength] == nil, request.headers[.transferEncoding] != nil {
            fields.add(name: "transfer-encoding", value: "chunked")
        }
        let method = HTTPMethod(rawValue: request.method.rawValue)
        try await upstream.write(
            .head(HTTPRequestHead(version: .http1_1, method: method, uri: target.path, headers: fields)))
        for try await bytes in request.body { try await upstream.write(.body(.byteBuffer(bytes))) }
        try await upstream.write(.end(nil))
    }

    private func receive(
        from upstream: NIOAsyncChannelInboundStream<HTTPClientResponsePart>, _ writer: consuming ResponseWriter
    ) async throws {
        var parts = upstream.makeAsyncIterator()
        var head: HTTPResponseHead?
        while head == nil, case .head(let received)? = try await parts.next() {
            // An interim response such as 100 is not the answer.
            if received.status.code >= 200 { head = received }
        }
        guard let head else {
            return try await writer.write(HTTPRefusal.badGateway("\(target.authority.host) gave no answer.\n"))
        }
        var fields = HTTPFields()
        for (name, value) in head.headers where !Self.hopByHop.contains(name.lowercased()) {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        let status = HTTPResponse.Status(code: Int(head.status.code), reasonPhrase: head.status.reasonPhrase)
        var body: any ResponseBodyWriter = try await writer.writeHead(
            HTTPResponse(status: status, headerFields: fields))
        while case .body(let bytes)? = try await parts.next() { try await body.write(bytes) }
        try await body.finish(nil)
    }

    private static func forwarded(_ fields: HTTPFields) -> [(String, String)] {
        fields.filter { !hopByHop.contains($0.name.canonicalName) }.map { ($0.name.rawName, $0.value) }
    }
}
