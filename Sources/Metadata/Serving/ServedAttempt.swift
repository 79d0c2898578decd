import FoundationEssentials

/// The attempt that a task's listeners serve at the moment: whom it acts as, and the routes that are open to it.
public final class ServedAttempt: Sendable {
    let instance: Instance
    let tokens: TokenCache
    let routes: ProxyRoutes
    let now: @Sendable () -> Date

    /// An attempt that nothing has been asked for yet.
    ///
    /// - Parameters:
    ///   - instance: what its metadata server tells.
    ///   - credentials: where its tokens come from.
    ///   - routes: where its proxy leads.
    ///   - now: the clock.
    public init(
        instance: Instance, credentials: any CredentialSource, routes: ProxyRoutes,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.instance = instance
        self.routes = routes
        self.now = now
        tokens = TokenCache(source: credentials, now: now)
    }

    /// The attempt has ended: no token of its is handed out any more.
    func end() { tokens.close() }
}
