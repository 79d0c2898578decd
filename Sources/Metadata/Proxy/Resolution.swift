import NIOPosix

/// Resolves names on threads of its own, few enough that slow name servers hold up nothing else.
enum Resolution {
    private static let threads: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 16)
        pool.start()
        return pool
    }()

    /// The addresses of a host. Nobody who is cancelled waits for a name server.
    ///
    /// - Throws: `ProxyRefusal`, `CancellationError`.
    static func addresses(of host: String) async throws -> [OutwardAddress] {
        let outcome = FirstOutcome<[OutwardAddress]>()
        threads.submit { state in
            guard case .active = state else { return outcome.settle(.failure(CancellationError())) }
            outcome.settle(Result { try OutwardAddress.addresses(of: host) })
        }
        return try await outcome.value()
    }
}
