import NIOCore
import NIOPosix
import Synchronization

/// A connection that a task has made to a listener.
final class TaskConnection: Sendable {
    let channel: any Channel
    /// The attempt whose process has connected.
    let attempt: ServedAttempt
    private let session = Mutex<Task<Void, Never>?>(nil)

    init(channel: any Channel, attempt: ServedAttempt) {
        self.channel = channel
        self.attempt = attempt
    }

    /// Serves the connection in a task, which ends with the connection.
    func serve(_ body: @escaping @Sendable () async -> Void) {
        session.withLock { $0 = Task { await body() } }
    }

    /// Calls back once the connection is closed and its session is over.
    func whenClosed(_ body: @escaping @Sendable () -> Void) {
        channel.closeFuture.whenComplete { [self] _ in
            guard let session = session.withLock({ $0 }) else { return body() }
            Task {
                await session.value
                body()
            }
        }
    }

    /// Ends the connection at once, and returns when it is over. Nothing of it waits for late packets.
    func close() async {
        session.withLock { $0 }?.cancel()
        if let options = channel as? any SocketOptionProvider {
            _ = try? await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        channel.close(promise: nil)
        try? await channel.closeFuture.get()
        await session.withLock { $0 }?.value
    }
}
