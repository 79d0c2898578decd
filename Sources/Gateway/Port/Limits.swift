/// What one peer may use of the gateway.
public struct Limits: Sendable {
    /// Connections that a listener holds open at once; further ones wait in the kernel's queue. Beyond nine tenths of
    /// them, the one that has waited longest for its client is closed for each that comes.
    public var connections = 10_000
    /// Tunnels to foreign hosts that are open at once.
    public var tunnels = 1_000
    /// How long a new connection may take until its protocol is known and TLS is established.
    public var settling: Duration = .seconds(30)
    /// How long an HTTP/1.1 request may take from its first byte to the end of its header.
    public var requestHead: Duration = .seconds(30)
    /// How long the body of a request may take in all, unless it is a stream of messages or goes to another host.
    public var requestBody: Duration = .seconds(300)
    /// How long a connection without a request, a request's body without progress, or a peer that takes nothing of its
    /// answer, is kept.
    public var idle: Duration = .seconds(180)
    /// How long a tunnel without traffic is kept.
    public var tunnelIdle: Duration = .seconds(900)
    /// How long connecting to a foreign host may take.
    public var connect: Duration = .seconds(10)
    /// How long requests may go on after a graceful shutdown has begun.
    public var grace: Duration = .seconds(10)
    /// All header fields of an HTTP/1.1 request together, in bytes.
    public var headerBytes = 64 * 1024
    /// Header fields of an HTTP/1.1 request.
    public var headerFields = 200
    /// The largest gRPC message that is read, in bytes.
    public var messageBytes = 4 * 1024 * 1024
    /// What a client may still send after its request was answered, in bytes, before its connection is cut.
    public var unreadBytes = 64 * 1024 * 1024
    /// PINGs and SETTINGS that an HTTP/2 peer may send within ten seconds while nothing else is sent to it.
    public var pings = 1_000
    /// Streams of an HTTP/2 connection that are open at once.
    public var streams = 100
    /// All header fields of an HTTP/2 request together, in bytes.
    public var streamHeaderBytes = 16 * 1024
    /// Streams that an HTTP/2 peer may reset, or break, within ten seconds.
    public var resets = 200

    /// The limits for a server that faces a network.
    public init() {}
}
