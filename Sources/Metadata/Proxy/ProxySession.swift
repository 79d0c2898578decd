import NIOCore
import NIOPosix
import Tunnels

/// A CONNECT through a task's proxy: bytes pass untouched in both directions until both ends have finished.
struct ProxySession: Sendable {
    /// How long a tunnel may be without traffic.
    private static let idle = TimeAmount.minutes(10)

    let routes: ProxyRoutes
    let target: ProxyTarget

    /// Prepares a connection; what comes in from here on waits.
    static func wrap(_ channel: any Channel) throws -> TunnelEnd {
        try TunnelEnd.wrap(channel, idle: idle)
    }

    /// Connects, answers, and copies. Returns when both connections are closed.
    func run(_ client: TunnelEnd) async {
        try? await client.executeThenClose { fromClient, toClient in
            do {
                let (upstream, isServer) = try await connect(on: client.channel.eventLoop)
                try await upstream.executeThenClose { fromUpstream, toUpstream in
                    if isServer {
                        // It tells the client itself, and whether it serves the port.
                        try await toUpstream.write(ByteBuffer(string: target.request))
                    } else {
                        try await toClient.write(TunnelEnd.established)
                    }
                    try await TunnelEnd.join((fromClient, toClient), (fromUpstream, toUpstream))
                }
            } catch let refusal as HTTPRefusal {
                try await toClient.write(refusal.response)
            }
        }
    }

    private func connect(on loop: any EventLoop) async throws -> (TunnelEnd, isServer: Bool) {
        guard let server = routes.server() else {
            throw HTTPRefusal.unavailable("The server is not there. Try again in a moment.\n")
        }
        guard server.answers(to: target.host) else {
            return (try await OutboundRoute(routes: routes, target: target).connect(on: loop), false)
        }
        do {
            let bytes = try await ClientBootstrap(group: loop)
                .connectTimeout(.seconds(10))
                .channelOption(.allowRemoteHalfClosure, value: true)
                .connect(host: server.host, port: server.port) { channel in
                    channel.eventLoop.makeCompletedFuture { try Self.wrap(channel) }
                }
            return (bytes, true)
        } catch {
            throw HTTPRefusal.unavailable("The server cannot be reached. Try again in a moment.\n")
        }
    }
}

extension ProxyTarget {
    /// What the server is asked: anew, with nothing in it that the task wrote but a name and a port. The server is no
    /// proxy for what comes through its own names.
    fileprivate var request: String { "CONNECT \(host):\(port) HTTP/1.1\r\nHost: \(host):\(port)\r\n\r\n" }
}
