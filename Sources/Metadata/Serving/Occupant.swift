import FoundationEssentials

/// The attempt that a task's doors serve at the moment: whom it acts as, and the ways that are open to it.
public final class Occupant: Sendable {
    let instance: Instance
    let shelf: TokenShelf
    let ways: ProxyWays
    let now: @Sendable () -> Date

    /// An attempt that nothing has been asked for yet.
    ///
    /// - Parameters:
    ///   - instance: what its metadata server tells.
    ///   - credentials: where its tokens come from.
    ///   - ways: where its proxy leads.
    ///   - now: the clock.
    public init(
        instance: Instance, credentials: any CredentialSource, ways: ProxyWays,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.instance = instance
        self.ways = ways
        self.now = now
        shelf = TokenShelf(source: credentials, now: now)
    }

    /// The attempt has ended: no token of its is handed out any more.
    func leave() { shelf.close() }
}
