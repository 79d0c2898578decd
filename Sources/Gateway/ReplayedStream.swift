/// A stream whose first element can be looked at before someone else iterates over all of it.
///
/// It holds one element at most: the rest stays with the source until it is asked for, so back-pressure reaches it.
actor ReplayedStream<Element: Sendable> {
    private let source: AsyncThrowingStream<Element, any Error>
    private var peeked: Element?

    init(_ source: AsyncThrowingStream<Element, any Error>) { self.source = source }

    /// The first element, without consuming it; nil when the stream ends before.
    func first() async throws -> Element? {
        if peeked == nil { peeked = try await next() }
        return peeked
    }

    /// All elements. To be called once.
    nonisolated func all() -> AsyncThrowingStream<Element, any Error> {
        AsyncThrowingStream { try await self.take() }
    }

    private func take() async throws -> Element? {
        if let element = peeked {
            peeked = nil
            return element
        }
        return try await next()
    }

    /// An iterator of a stream has no state but the stream's own, so that a new one goes on where the last stopped.
    private func next() async throws -> Element? {
        var iterator = source.makeAsyncIterator()
        return try await iterator.next()
    }
}
