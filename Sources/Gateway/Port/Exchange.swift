import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Tunnels

/// One request and its response: finds out which host is addressed and who answers.
struct Exchange: Sendable {
    let endpoint: Endpoint
    let limits: Limits
    let link: Link
    /// The targets of the connection's requests; nil for HTTP/2, whose requests carry their authority.
    let targets: RequestTargets?
    let logger: Logger

    /// - Throws: when the connection fails while the response is written.
    func respond(
        to request: Request, with writer: consuming ResponseWriter, on channel: any Channel
    ) async throws {
        // HTTP/2 reads on by itself.
        guard targets != nil else { return try await dispatch(request, with: writer, on: channel) }
        link.presence.begin()
        defer { link.presence.end() }
        guard request.hasBody else { return try await dispatch(request, with: writer, on: channel) }
        let body = UnreadBody(request.body)
        try await dispatch(Request(head: request.head, body: body.parts), with: writer, on: channel)
        try await AwaitedBody(body.parts, link.presence).parts.discard(limit: limits.unreadBytes)
    }

    private func dispatch(
        _ request: Request, with writer: consuming ResponseWriter, on channel: any Channel
    ) async throws {
        switch route(request, on: channel) {
        case .answer(let request, let host): try await answer(request, host: host, with: writer, on: channel)
        case .forward(let forward):
            channel.triggerUserOutboundEvent(RequestBodyTimeout.Lifted(), promise: nil)
            try await forward.run(with: writer)
        case .refuse(let refusal): try await writer.write(refusal)
        }
    }

    private enum Route {
        case answer(Request, host: String)
        case forward(Forward)
        case refuse(HTTPRefusal)
    }

    private func route(_ request: Request, on channel: any Channel) -> Route {
        guard request.method != .connect else {
            return .refuse(
                .badRequest("CONNECT must be the first request of a plain connection to the proxy.\n"))
        }
        let absolute: AbsoluteTarget?
        do {
            absolute = try targets?.next().flatMap { target throws(HTTPRefusal) in try AbsoluteTarget(target) }
        } catch {
            return .refuse(error)
        }
        guard let absolute else {
            let named = request.head.authority.flatMap { HostAndPort($0)?.host }
            return .answer(request, host: named ?? link.tunnelHost ?? "")
        }
        return route(request, to: absolute, on: channel)
    }

    private func route(_ request: Request, to target: AbsoluteTarget, on channel: any Channel) -> Route {
        // The authority of the absolute form wins over the Host field (RFC 9112, 3.2.2).
        let host = target.authority.host
        var head = request.head
        head.path = target.path
        head.authority = host
        let local = Request(head: head, body: request.body)
        // What comes through a tunnel to one of our names is for us: whoever let it through, as agents do for tasks, has
        // let it through to us alone.
        guard let policy = endpoint.proxy, link.tunnelHost == nil, !isOurs(target, channel) else {
            return .answer(local, host: host)
        }
        let isLocal = channel.remoteAddress?.isLoopback ?? false
        switch policy.verdict(host: host, port: target.port, clientIsLocal: isLocal) {
        case .answer: return .answer(local, host: host)
        case .refuse(let refusal): return .refuse(refusal)
        case .forward where target.scheme == "http":
            return .forward(Forward(request: local, target: target, policy: policy, limits: limits, client: channel))
        case .forward:
            return .refuse(.badRequest("Hosts that are not served here are reached by CONNECT or over http.\n"))
        }
    }

    /// Whether the absolute form names this very endpoint, as any request may.
    private func isOurs(_ target: AbsoluteTarget, _ channel: any Channel) -> Bool {
        guard let own = channel.localAddress, own.port == target.port else { return false }
        return [own.ipAddress, "localhost", "127.0.0.1", "::1"].contains(target.authority.host)
    }

    private func answer(
        _ request: Request, host: String, with writer: consuming ResponseWriter, on channel: any Channel
    ) async throws {
        if GRPCResponder.accepts(request.headers[.contentType]) {
            guard targets == nil else {
                return try await writer.write(HTTPRefusal(status: 426, reason: "", text: "gRPC needs HTTP/2.\n"))
            }
            return try await endpoint.grpc.respond(
                to: request, host: host, from: link.peer.address, with: writer, on: channel
            ) { AwaitedBody($0, link.presence).parts }
        }
        if targets != nil, request.headers[.expect]?.lowercased() == "100-continue" {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        var request = request
        if targets == nil || request.hasBody {
            if endpoint.isUnhurried(request.uri.path, host) {
                channel.triggerUserOutboundEvent(RequestBodyTimeout.Unhurried(), promise: nil)
            }
            let body = AwaitedBody(request.body, link.presence).parts
            request = Request(head: request.head, body: body)
        }
        let response = await endpoint.rest(request, host, link.peer)
        try await writer.write(response: response.head, body: response.body)
    }
}

extension Request {
    /// Whether an HTTP/1.1 request has a body, by its header.
    fileprivate var hasBody: Bool {
        headers[.transferEncoding] != nil || headers[.contentLength].map { $0 != "0" } ?? false
    }
}

extension ResponseWriter {
    /// Answers with a refusal, after which an HTTP/1.1 connection is closed.
    consuming func write(_ refusal: HTTPRefusal) async throws {
        let fields: HTTPFields = [
            .contentType: "text/plain; charset=utf-8", .contentLength: "\(refusal.text.utf8.count)",
        ]
        try await write(
            response: HTTPResponse(status: .init(code: refusal.status), headerFields: fields),
            body: ResponseBody(byteBuffer: ByteBuffer(string: refusal.text)))
    }
}
