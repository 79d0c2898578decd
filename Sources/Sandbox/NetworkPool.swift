import CSandbox
import Glibc
import Synchronization
import SystemPackage

/// Network namespaces with a way out. They belong to the host's user namespace, so that no task can alter them, and
/// serve one sandbox after another for as long as none leaves a trace in them.
final class NetworkPool: Sendable {
    /// One namespace: loopback, and a veth pair to the host.
    struct Network: Sendable {
        let namespace: FileDescriptor
        fileprivate let number: UInt32
        fileprivate let interface: String
        let netlink: FileDescriptor
        /// Counts of the namespace's sockets, for IPv4 and for IPv6.
        fileprivate let statistics: [Int32]
        /// What the agent serves in there.
        let listeners = NetworkListeners(address: 0xA9FE_A9FE)

        /// Whether nothing is left of what the last sandbox connected: an ended connection keeps its port for a minute.
        var isQuiet: Bool { sandbox_network_is_quiet(statistics, listeners.count) == 1 }
    }

    private struct Pool {
        var free: [Network] = []
        var freeNumbers: [UInt32] = []
        var next: UInt32 = 0

        mutating func takeNumber() -> UInt32 {
            if let number = freeNumbers.popLast() { return number }
            defer { next += 1 }
            return next
        }
    }

    private let seat: Seat
    private let pool = Mutex(Pool())

    init(seat: Seat, nameServers: [String]) throws {
        self.seat = seat
        try NetworkRules(
            table: seat.table, interfacePrefix: seat.interfacePrefix, network: seat.networkText,
            nameServers: nameServers
        ).load()
        try TextFile.write("1", to: "/proc/sys/net/ipv4/ip_forward")
    }

    /// A namespace that no other sandbox is in.
    func take() async throws -> Network {
        if let free = pool.withLock({ $0.free.popLast() }) { return free }
        let number = pool.withLock { $0.takeNumber() }
        do {
            return try await blocking { [self] in try make(number) }
        } catch {
            pool.withLock { $0.freeNumbers.append(number) }
            throw error
        }
    }

    /// Takes a namespace back in which no process is left.
    func giveBack(_ network: Network) {
        guard !network.isQuiet else { return pool.withLock { $0.free.append(network) } }
        Self.dispose(network)
        pool.withLock { $0.freeNumbers.append(network.number) }
    }

    /// Removes all namespaces that were given back, and the rules.
    func remove() {
        for network in pool.withLock({ pool in
            defer { pool.free = [] }
            return pool.free
        }) { Self.dispose(network) }
        NetworkRules.remove(table: seat.table)
    }

    /// Removes what a dead agent left at this seat.
    static func sweep(_ seat: Seat) {
        for interface in seat.leftoverInterfaces { _ = sandbox_network_disconnect(interface) }
        NetworkRules.remove(table: seat.table)
    }

    private func make(_ number: UInt32) throws -> Network {
        guard number < 1 << 16 else { throw SandboxError("more network namespaces than the agent has addresses for") }
        var netlink: Int32 = -1
        var statistics: [Int32] = [-1, -1]
        let raw = try checked(sandbox_network_create(&netlink, &statistics), "make a network namespace")
        let network = Network(
            namespace: FileDescriptor(rawValue: raw), number: number, interface: "\(seat.interfacePrefix)\(number)",
            netlink: FileDescriptor(rawValue: netlink), statistics: statistics)
        let host = seat.network + 2 * number
        do {
            try checked(
                sandbox_network_connect(raw, netlink, network.interface, host, host + 1),
                "connect a network namespace by a veth pair")
        } catch {
            Self.dispose(network)
            throw error
        }
        return network
    }

    private static func dispose(_ network: Network) {
        network.listeners.close()
        _ = sandbox_network_disconnect(network.interface)
        try? network.netlink.close()
        for file in network.statistics where file >= 0 { close(file) }
        try? network.namespace.close()
    }
}
