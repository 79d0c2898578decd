/// What one peer may use of the gateway.
public struct Limits: Sendable {
    /// Connections that a listener holds open at once; further ones wait in the kernel's queue.
    public var connections = 10_000
    /// Tunnels to foreign hosts that are open at once.
    public var tunnels = 1_000
    /// How long a new connection may take until its protocol is known and TLS is established.
    public var settling: Duration = .seconds(30)
    /// How long an HTTP/1.1 request may take from its first byte to the end of its header.
    public var requestHead: Duration = .seconds(30)
    /// How long a connection without a request, or a request body without progress, is kept.
    public var idle: Duration = .seconds(180)
    /// How long a tunnel without traffic is kept.
    public var tunnelIdle: Duration = .seconds(900)
    /// How long connecting to a foreign host may take.
    public var connect: Duration = .seconds(10)
    /// How long requests may go on after a graceful shutdown has begun.
    public var grace: Duration = .seconds(10)
    /// All header fields of an HTTP/1.1 request together, in bytes. HTTP/2 has NIO's limits.
    public var headerBytes = 64 * 1024
    /// Header fields of an HTTP/1.1 request.
    public var headerFields = 200
    /// The largest gRPC message that is read, in bytes.
    public var messageBytes = 4 * 1024 * 1024
    /// What a client may still send after its request was answered, in bytes, before its connection is cut.
    public var unreadBytes = 64 * 1024 * 1024
    /// PINGs that an HTTP/2 peer may send within ten seconds.
    public var pings = 1_000

    /// The limits for a server that faces a network.
    public init() {}
}
