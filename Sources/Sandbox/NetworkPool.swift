import CSandbox
import Glibc
import Synchronization
import SystemPackage

/// Network namespaces with a way out. They belong to the host's user namespace, so that no task can alter them, and
/// serve one sandbox after another.
final class NetworkPool: Sendable {
    /// One namespace: loopback, and a veth pair to the host.
    struct Network: Sendable {
        let namespace: FileDescriptor
        fileprivate let interface: String
        fileprivate let netlink: FileDescriptor
    }

    private struct Pool {
        var free: [Network] = []
        var next: UInt32 = 0
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
        let number = pool.withLock { pool in
            defer { pool.next += 1 }
            return pool.next
        }
        return try await blocking { [self] in try make(number) }
    }

    /// Takes a namespace back in which no process is left.
    func giveBack(_ network: Network) { pool.withLock { $0.free.append(network) } }

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
        let raw = try checked(sandbox_network_create(&netlink), "make a network namespace")
        let network = Network(
            namespace: FileDescriptor(rawValue: raw), interface: "\(seat.interfacePrefix)\(number)",
            netlink: FileDescriptor(rawValue: netlink))
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
        _ = sandbox_network_disconnect(network.interface)
        try? network.netlink.close()
        try? network.namespace.close()
    }
}
