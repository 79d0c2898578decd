import NIOCore
import NIOPosix
import Synchronization

/// A listener in a network namespace, and the connections that come in. Whoever connects belongs to the attempt that is
/// in the namespace at that time: nothing in a request says who asks.
///
/// It stays with the namespace, which serves one attempt after the other. Between two of them nobody is served.
public final class Door: Sendable {
    /// Serves one connection; called on its event loop.
    typealias Service = @Sendable (Visit) throws -> Void

    private struct State {
        var occupant: Occupant?
        var visits: [ObjectIdentifier: Visit] = [:]
        var isListening = false
    }

    private let limit: Int
    private let state = Mutex(State())
    private let listening: EventLoopFuture<any Channel>

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - descriptor: a socket that is bound; the door's from here on.
    ///   - limit: how many connections there may be at once; further ones are closed.
    init(descriptor: CInt, limit: Int, on group: any EventLoopGroup, service: @escaping Service) {
        self.limit = limit
        let promise = group.next().makePromise(of: (any Channel).self)
        listening = promise.futureResult
        ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [weak self] channel in
                guard let visit = self?.enter(channel) else { return channel.close() }
                return channel.eventLoop.makeCompletedFuture { try service(visit) }
            }
            .withBoundSocket(descriptor)
            .cascade(to: promise)
    }

    /// Lets the processes of an attempt in: from the first connection that is made after the return.
    ///
    /// - Throws: what the system says when nothing can listen.
    public func admit(_ occupant: Occupant) async throws {
        // Asking the event loop takes longer than all else that most attempts need of a door.
        if !state.withLock({ $0.isListening }) { _ = try await listening.get() }
        state.withLock { state in
            state.isListening = true
            state.occupant = occupant
        }
    }

    /// Ends what the attempt has open, and returns when all of it is closed. Nobody is let in any more.
    public func dismiss() async {
        let (occupant, visits) = state.withLock { state in
            defer { state.occupant = nil }
            return (state.occupant, Array(state.visits.values))
        }
        occupant?.leave()
        for visit in visits { await visit.end() }
    }

    /// Stops listening, for good.
    public func stop() {
        listening.whenSuccess { $0.close(promise: nil) }
    }

    private func enter(_ channel: any Channel) -> Visit? {
        let key = ObjectIdentifier(channel)
        let visit = state.withLock { state -> Visit? in
            guard let occupant = state.occupant, state.visits.count < limit else { return nil }
            let visit = Visit(channel: channel, occupant: occupant)
            state.visits[key] = visit
            return visit
        }
        visit?.whenOver { [weak self] in _ = self?.state.withLock { $0.visits.removeValue(forKey: key) } }
        return visit
    }
}
