import NIOCore
import NIOPosix
import Synchronization
import Tunnels

/// A CONNECT to a foreign host: bytes pass untouched in both directions until both ends have finished.
struct Tunnel: Sendable {
    let target: HostAndPort
    let policy: ProxyPolicy
    let limits: Limits
    let slots: TunnelSlots

    /// Connects, answers the CONNECT, and copies. Returns when the tunnel is closed.
    func run(client: TunnelEnd) async throws {
        let port = client.channel.localAddress?.port
        try await client.executeThenClose { fromClient, toClient in
            guard slots.take() else {
                return try await toClient.write(HTTPRefusal.unavailable("Too many tunnels are open.\n").response)
            }
            defer { slots.giveBack() }
            let upstream: TunnelEnd
            do {
                upstream = try await connect(on: client.channel.eventLoop)
            } catch let refusal as HTTPRefusal {
                return try await toClient.write(refusal.response)
            }
            try await upstream.executeThenClose { fromUpstream, toUpstream in
                let ends = upstream.channel
                if let refusal = policy.refusal(peer: ends.remoteAddress, ownEnd: ends.localAddress, port: port) {
                    return try await toClient.write(refusal.response)
                }
                try await toClient.write(TunnelEnd.established)
                try await TunnelEnd.join((fromClient, toClient), (fromUpstream, toUpstream))
            }
        }
    }

    private func connect(on loop: any EventLoop) async throws -> TunnelEnd {
        do {
            return try await ClientBootstrap(group: loop)
                .connectTimeout(TimeAmount(limits.connect))
                .channelOption(.allowRemoteHalfClosure, value: true)
                .connect(host: target.host, port: target.port ?? 443) { channel in
                    channel.eventLoop.makeCompletedFuture { try TunnelEnd.wrap(channel) }
                }
        } catch {
            throw HTTPRefusal.badGateway("\(target.host) could not be reached: \(error)\n")
        }
    }
}

/// Counts the tunnels that are open.
final class TunnelSlots: Sendable {
    private let free: Mutex<Int>

    init(_ count: Int) {
        free = Mutex(count)
    }

    /// False when all are taken.
    func take() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }

    func giveBack() {
        free.withLock { $0 += 1 }
    }
}
