import Collections
import NIOCore
import Synchronization

/// The connections of one listener. When there are nearly too many, the one that has waited longest for its client
/// gives way to each that comes: idle connections keep nobody out.
final class OpenConnections: Sendable {
    private struct Entry {
        let channel: any Channel
        /// Requests under way that do not wait for their client.
        var requests = 0
        /// The turn since which the connection waits for its client.
        var turn: UInt64
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        /// Who waits, the longest first; out of date where an entry has another turn or a request.
        var waiting: Deque<(id: ObjectIdentifier, turn: UInt64)> = []
        var turn: UInt64 = 0

        mutating func wait(_ id: ObjectIdentifier) {
            turn += 1
            entries[id]?.turn = turn
            waiting.append((id, turn))
            guard waiting.count > 2 * entries.count + 64 else { return }
            waiting = waiting.filter(isWaiting)
        }

        func isWaiting(_ place: (id: ObjectIdentifier, turn: UInt64)) -> Bool {
            guard let entry = entries[place.id] else { return false }
            return entry.turn == place.turn && entry.requests == 0
        }

        mutating func takeLongestWaiting() -> (any Channel)? {
            while let place = waiting.popFirst() {
                if isWaiting(place) { return entries.removeValue(forKey: place.id)?.channel }
            }
            return nil
        }
    }

    private let state = Mutex(State())
    private let comfortable: Int

    /// - Parameter limit: connections that the listener takes; the last tenth of them only while others give way.
    init(limit: Int) {
        comfortable = limit - limit / 10
    }

    /// Takes up a connection until it is closed.
    func add(_ channel: any Channel) -> Presence {
        let id = ObjectIdentifier(channel)
        let leaving = state.withLock { state in
            state.entries[id] = Entry(channel: channel, turn: 0)
            state.wait(id)
            return state.entries.count > comfortable ? state.takeLongestWaiting() : nil
        }
        leaving?.close(promise: nil)
        channel.closeFuture.whenComplete { _ in self.state.withLock { _ = $0.entries.removeValue(forKey: id) } }
        return Presence(connections: self, id: id)
    }

    /// One connection among the others.
    struct Presence: Sendable {
        fileprivate let connections: OpenConnections
        fileprivate let id: ObjectIdentifier

        /// From here on the client waits for the server.
        func begin() {
            connections.state.withLock { $0.entries[id]?.requests += 1 }
        }

        /// From here on the server waits for the client.
        func end() {
            connections.state.withLock { state in
                state.entries[id]?.requests -= 1
                if state.entries[id]?.requests == 0 { state.wait(id) }
            }
        }
    }
}
