import CSandbox
import Synchronization
import SystemPackage

/// The listeners of one network namespace.
final class NetworkListeners: Sendable {
    private let address: UInt32
    private let open = Mutex<[UInt16: NetworkListener]>([:])

    /// - Parameter address: where all of them listen, in host byte order.
    init(address: UInt32) {
        self.address = address
    }

    /// How many there are.
    var count: Int { open.withLock { $0.count } }

    /// Those that are there at all of these ports; nil when one is missing.
    func known(_ ports: [UInt16]) -> [NetworkListener]? {
        let found = open.withLock { open in ports.compactMap { open[$0] } }
        return found.count == ports.count ? found : nil
    }

    /// The listeners at ports, in host byte order, made where they are missing. It blocks.
    ///
    /// - Throws: `SandboxError` when something of the sandbox listens there.
    func listeners(at ports: [UInt16], in namespace: FileDescriptor) throws -> [NetworkListener] {
        try open.withLock { open in
            let missing = ports.filter { open[$0] == nil }
            var made = [CInt](repeating: -1, count: missing.count)
            try checked(
                sandbox_network_listen(namespace.rawValue, address, missing, missing.count, &made),
                "listen on ports \(missing) in the sandbox")
            for (port, raw) in zip(missing, made) {
                open[port] = NetworkListener(descriptor: FileDescriptor(rawValue: raw))
            }
            return ports.compactMap { open[$0] }
        }
    }

    /// Ends all of them.
    func close() {
        let all = open.withLock { open in
            defer { open = [:] }
            return open.values
        }
        for listener in all { listener.close() }
    }
}
