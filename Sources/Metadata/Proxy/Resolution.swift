import NIOPosix
import Tunnels

/// Resolves names on threads of its own, few enough that slow name servers hold up nothing else.
struct Resolution: Sendable {
    /// The node's, for the tasks of all jobs.
    static let ofNode = Resolution(threads: 16) { host in try OutboundAddress.addresses(of: host) }

    private let threads: NIOThreadPool
    private let lookUp: @Sendable (String) throws -> [OutboundAddress]

    /// - Parameters:
    ///   - threads: how many names are looked up at once.
    ///   - lookUp: finds the addresses of a host; it may block.
    init(threads: Int, lookUp: @escaping @Sendable (String) throws -> [OutboundAddress]) {
        self.threads = NIOThreadPool(numberOfThreads: threads)
        self.lookUp = lookUp
        self.threads.start()
    }

    /// The addresses of a host. Nobody who is cancelled waits for a name server, and nothing is looked up for nobody.
    ///
    /// - Parameter lookups: the task's: names that nobody answers for take all threads otherwise.
    /// - Throws: `HTTPRefusal`, `CancellationError`.
    func addresses(of host: String, within lookups: AsyncSemaphore) async throws -> [OutboundAddress] {
        try await lookups.wait()
        let outcome = FirstOutcome<[OutboundAddress]>()
        threads.submit { [lookUp] state in
            defer { lookups.signal() }
            guard case .active = state, !outcome.isSettled else {
                return _ = outcome.settle(.failure(CancellationError()))
            }
            outcome.settle(Result { try lookUp(host) })
        }
        return try await outcome.value()
    }
}
