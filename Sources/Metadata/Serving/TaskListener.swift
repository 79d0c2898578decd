import NIOCore
import NIOPosix
import Synchronization

/// A listener in a network namespace, and the connections that come in. Whoever connects belongs to the attempt that is
/// in the namespace at that time: nothing in a request says who asks.
///
/// It stays with the namespace, which serves one attempt after the other. Between two of them nobody is served.
public final class TaskListener: Sendable {
    /// Serves one connection; called on its event loop.
    typealias Service = @Sendable (TaskConnection) throws -> Void

    private struct State {
        var attempt: ServedAttempt?
        var connections: [ObjectIdentifier: TaskConnection] = [:]
        var isListening = false
    }

    private let limit: Int
    private let state = Mutex(State())
    private let listening: EventLoopFuture<any Channel>

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - descriptor: a socket that is bound; the listener's from here on.
    ///   - limit: how many connections there may be at once; further ones are closed.
    init(descriptor: CInt, limit: Int, on group: any EventLoopGroup, service: @escaping Service) {
        self.limit = limit
        let promise = group.next().makePromise(of: (any Channel).self)
        listening = promise.futureResult
        ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [weak self] channel in
                guard let connection = self?.accept(channel) else { return channel.close() }
                return channel.eventLoop.makeCompletedFuture { try service(connection) }
            }
            .withBoundSocket(descriptor)
            .cascade(to: promise)
    }

    /// Serves the processes of an attempt, from the first connection that is made after the return.
    ///
    /// - Throws: what the system says when nothing can listen.
    public func serve(_ attempt: ServedAttempt) async throws {
        // Asking the event loop takes longer than all else that most attempts need of a listener.
        if !state.withLock({ $0.isListening }) { _ = try await listening.get() }
        state.withLock { state in
            state.isListening = true
            state.attempt = attempt
        }
    }

    /// Ends the attempt's connections, and returns when all are closed. Nobody is served any more.
    public func stopServing() async {
        let (attempt, connections) = state.withLock { state in
            defer { state.attempt = nil }
            return (state.attempt, Array(state.connections.values))
        }
        attempt?.end()
        for connection in connections { await connection.close() }
    }

    /// Stops listening, for good.
    public func stop() {
        listening.whenSuccess { $0.close(promise: nil) }
    }

    private func accept(_ channel: any Channel) -> TaskConnection? {
        let key = ObjectIdentifier(channel)
        let connection = state.withLock { state -> TaskConnection? in
            guard let attempt = state.attempt, state.connections.count < limit else { return nil }
            let connection = TaskConnection(channel: channel, attempt: attempt)
            state.connections[key] = connection
            return connection
        }
        connection?.whenClosed { [weak self] in _ = self?.state.withLock { $0.connections.removeValue(forKey: key) } }
        return connection
    }
}
