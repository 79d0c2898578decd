import Glibc

/// How many files and sockets this process may open, and for what.
enum Descriptors {
    /// For the databases, the sockets of agents, and the far ends of tunnels.
    private static let reserved = 2_000
    /// The port has one for each of the loopback's addresses.
    private static let listeners = 2
    /// Where the system allows next to nothing, a server is still one.
    private static let fewest = 100

    /// The connections that a listener may hold; what is over it waits, and no other part of the server is without.
    static var forConnections: Int { forConnections(allowed: allowed) }

    static func forConnections(allowed: Int) -> Int { max(fewest, (allowed - reserved) / listeners) }

    private static var allowed: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        return Int(clamping: limit.rlim_cur)
    }
}
