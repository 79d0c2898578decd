import NIOCore

extension NIOAsyncChannel {
    /// The same, and there until its channel is closed.
    ///
    /// One that nobody takes before it is released ends the process. That happens to what comes while the server stops,
    /// or while a connection with a queue of streams is closed.
    func keptUntilClosed() -> Self {
        channel.closeFuture.whenComplete { _ in withExtendedLifetime(self) {} }
        return self
    }
}
