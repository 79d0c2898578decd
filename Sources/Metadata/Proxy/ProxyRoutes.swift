import SystemPackage

/// Where the proxy of a task leads: to Landfall itself, and out of the task's network namespace.
public struct ProxyRoutes: Sendable {
    /// Where the server's one port is; nil while no server has said.
    let server: @Sendable () -> ServerPort?
    /// Makes an IPv4 socket of the task's network namespace that does not block, so that what goes out obeys the rules
    /// of that; nil when nothing is to go out.
    public var socket: (@Sendable () async throws -> FileDescriptor)?
    /// A task looks up a few names at once, so that there are threads left for others.
    let lookups = AsyncSemaphore(4)

    /// The route to the server alone.
    ///
    /// - Parameter server: where the server's one port is at the moment.
    public init(server: @escaping @Sendable () -> ServerPort?) {
        self.server = server
    }
}

/// The one port of a server.
public struct ServerPort: Hashable, Sendable {
    /// An IP address or a host name.
    public var host: String
    /// 1 to 65535.
    public var port: Int
    /// Whose names, and names below them, are answered there; in lower case.
    public var domains: [String]

    /// A port that answers to the names of some domains.
    public init(host: String, port: Int, domains: [String]) {
        self.host = host
        self.port = port
        self.domains = domains
    }

    /// Whether a host, in lower case, is answered there.
    public func answers(to host: String) -> Bool {
        domains.contains { host == $0 || host.hasSuffix(".\($0)") }
    }
}
