import HummingbirdCore

/// A place where the gateway listens, and what answers there.
public struct Endpoint: Sendable {
    /// Where clients connect.
    public enum Address: Sendable {
        /// A host and a port; 0 takes a free one. For `localhost` and `127.0.0.1` the IPv6 loopback is served too
        /// where the machine has it, since gRPC tries it first.
        case tcp(host: String, port: Int)
        /// A Unix socket that its owner alone can open. A socket that nobody serves any more is replaced.
        case unix(path: String)
    }

    /// Answers the requests that are not gRPC.
    ///
    /// - Parameters:
    ///   - request: its path is in origin form.
    ///   - host: what the client addressed, in lower case and without port; empty when it said nothing.
    ///   - peer: the other end of the connection.
    public typealias RESTResponse = @Sendable (_ request: Request, _ host: String, _ peer: Peer) async -> Response

    /// The other end of a connection.
    public struct Peer: Hashable, Sendable {
        /// Its IP address; nil over a Unix socket.
        public var address: String?
        /// Whether TLS protects the connection.
        public var isSecure = false
    }

    /// Where it listens.
    public var address: Address
    /// Answers what is not gRPC.
    public var rest: RESTResponse
    /// Whether the body of a request that is not gRPC may take its time, as long as it makes progress: of one that sends
    /// files. By the request's path, and the host in lower case and without port.
    public var isUnhurried: @Sendable (_ path: String, _ host: String) -> Bool
    /// Answers gRPC.
    public var grpc: GRPCResponder
    /// Nil for an endpoint that does not speak TLS.
    public var certificates: (any CertificateSource)?
    /// Nil for an endpoint that is no proxy.
    public var proxy: ProxyPolicy?

    /// An endpoint; without certificates it speaks no TLS, without a policy it is no proxy.
    public init(
        _ address: Address, rest: @escaping RESTResponse, grpc: GRPCResponder,
        isUnhurried: @escaping @Sendable (_ path: String, _ host: String) -> Bool = { _, _ in false },
        certificates: (any CertificateSource)? = nil, proxy: ProxyPolicy? = nil
    ) {
        self.address = address
        self.rest = rest
        self.isUnhurried = isUnhurried
        self.grpc = grpc
        self.certificates = certificates
        self.proxy = proxy
    }
}
