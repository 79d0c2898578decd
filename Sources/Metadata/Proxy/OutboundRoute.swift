import NIOCore
import NIOPosix
import Tunnels

/// The route to a host that is not Landfall's: out of the task's own network namespace, whose rules hold for it.
struct OutboundRoute: Sendable {
    private static let patience = Duration.seconds(10)
    /// A host with more addresses is tried at the first ones.
    private static let mostAttempts = 3

    let routes: ProxyRoutes
    let target: ProxyTarget

    /// Connects to the first of the host's addresses that answers.
    ///
    /// - Throws: `HTTPRefusal`, `CancellationError`.
    func connect(on loop: any EventLoop) async throws -> TunnelEnd {
        guard routes.socket != nil else {
            throw HTTPRefusal.forbidden("The job blocks the external network, which \(target.host) is in.\n")
        }
        let addresses = try await Resolution.ofNode.addresses(of: target.host, within: routes.lookups)
            .filter(\.isOutbound)
        guard !addresses.isEmpty else {
            throw HTTPRefusal.forbidden(
                "\(target.host) has no address that the proxy connects to. What is in the task itself is reached "
                    + "without the proxy: no_proxy=localhost,127.0.0.1.\n")
        }
        var failure = HTTPRefusal.badGateway("\(target.host) could not be reached.\n")
        for address in addresses.prefix(Self.mostAttempts) {
            do {
                return try await connect(to: address, on: loop)
            } catch let refusal as HTTPRefusal {
                failure = refusal
            }
        }
        throw failure
    }

    private func connect(to address: OutboundAddress, on loop: any EventLoop) async throws -> TunnelEnd {
        guard let socket = try? await routes.socket?() else {
            throw HTTPRefusal.unavailable("The node has no socket left for the task.\n")
        }
        try await Dialling.connect(socket, to: address, port: target.port, within: Self.patience)
        return try await ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .withConnectedSocket(socket.rawValue) { channel in
                channel.eventLoop.makeCompletedFuture { try ProxySession.wrap(channel) }
            }
    }
}
