/// Landfall's own registry, as this machine reaches it: through the server's one port, which is a proxy too.
public struct LandfallRegistry: Sendable, Hashable {
    /// The IP address or name of the machine that the server listens on.
    public var host: String
    /// The server's port.
    public var port: Int
    /// The certificate of the authority that vouches for the registry's names, in PEM. No other is trusted for them.
    public var authority: String
    /// The domains whose names are the server's: `pkg.dev`.
    public var domains: [String]

    /// A registry behind a server's port.
    public init(host: String, port: Int, authority: String, domains: [String]) {
        self.host = host
        self.port = port
        self.authority = authority
        self.domains = domains
    }

    /// Whether the server answers for a host.
    func serves(_ host: String) -> Bool {
        domains.contains { host == $0 || host.hasSuffix(".\($0)") }
    }
}
