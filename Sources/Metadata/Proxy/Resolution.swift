import NIOPosix

/// Resolves names on threads of its own, few enough that slow name servers hold up nothing else.
struct Resolution: Sendable {
    /// The node's, for the tasks of all jobs.
    static let ofNode = Resolution(threads: 16) { host in try OutwardAddress.addresses(of: host) }

    private let threads: NIOThreadPool
    private let lookUp: @Sendable (String) throws -> [OutwardAddress]

    /// - Parameters:
    ///   - threads: how many names are looked up at once.
    ///   - lookUp: finds the addresses of a host; it may block.
    init(threads: Int, lookUp: @escaping @Sendable (String) throws -> [OutwardAddress]) {
        self.threads = NIOThreadPool(numberOfThreads: threads)
        self.lookUp = lookUp
        self.threads.start()
    }

    /// The addresses of a host. Nobody who is cancelled waits for a name server, and nothing is looked up for nobody.
    ///
    /// - Parameter turns: the task's: names that nobody answers for take all threads otherwise.
    /// - Throws: `ProxyRefusal`, `CancellationError`.
    func addresses(of host: String, by turns: Turns) async throws -> [OutwardAddress] {
        try await turns.take()
        let outcome = FirstOutcome<[OutwardAddress]>()
        threads.submit { [lookUp] state in
            defer { turns.give() }
            guard case .active = state, !outcome.isSettled else {
                return _ = outcome.settle(.failure(CancellationError()))
            }
            outcome.settle(Result { try lookUp(host) })
        }
        return try await outcome.value()
    }
}
