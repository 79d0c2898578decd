import NIOCore
import Tunnels

/// What the port does as an HTTP proxy.
public struct ProxyPolicy: Sendable {
    /// Hosts that the gateway answers itself.
    public var own: DomainNames
    /// Whether foreign hosts may be on this machine's loopback or link-local addresses; off, so that a peer that is
    /// let in here gains nothing by it.
    public var reachesLocalAddresses: Bool

    /// By default Google's domains and the private universe are ours.
    public init(
        own: DomainNames = DomainNames(["googleapis.com", "pkg.dev", "run.app", "landfall.test"]),
        reachesLocalAddresses: Bool = false
    ) {
        self.own = own
        self.reachesLocalAddresses = reachesLocalAddresses
    }

    /// What becomes of a request for a host.
    enum Verdict: Equatable, Sendable {
        case answer
        case forward
        case refuse(HTTPRefusal)
    }

    /// Decides by name and port whether a request through the proxy is answered, forwarded or refused.
    func verdict(host: String, port: Int, clientIsLocal: Bool) -> Verdict {
        if own.contains(host) {
            return port == 443 || port == 80
                ? .answer
                : .refuse(.forbidden("\(host) is served here on ports 443 and 80, not on \(port).\n"))
        }
        guard clientIsLocal else {
            return .refuse(
                .forbidden("\(host) is not served here, and this proxy reaches other hosts for local clients only.\n"))
        }
        guard port == 80 || port == 443 || port >= 1_024 else {
            return .refuse(.forbidden("The proxy does not connect to port \(port) of other hosts.\n"))
        }
        return .forward
    }

    /// Why an established connection to a foreign host must not be used; nil when it may.
    ///
    /// - Parameters:
    ///   - peer, ownEnd: the two ends of the connection to the foreign host.
    ///   - port: the port that this gateway listens on.
    func refusal(peer: SocketAddress?, ownEnd: SocketAddress?, port: Int?) -> HTTPRefusal? {
        guard let peer else { return .badGateway("The other host has left.\n") }
        let isThisMachine = peer.isLoopback || peer.ipAddress == ownEnd?.ipAddress
        if isThisMachine, peer.port == port {
            return .forbidden("The proxy does not connect to itself.\n")
        }
        if peer.isLocalOnly, !reachesLocalAddresses {
            return .forbidden(
                "The proxy does not connect to addresses of this machine. Exclude the host from the proxy: "
                    + "no_proxy=localhost,127.0.0.1.\n")
        }
        return nil
    }
}
