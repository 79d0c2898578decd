/// Waits until all sockets of a server are served.
struct Readiness: Sendable {
    private enum Report: Sendable {
        case sockets
        case port(Int)
    }

    private let reports = AsyncStream<Report>.makeStream()

    func socketsAreServed() { reports.continuation.yield(.sockets) }

    func portIsServed(_ port: Int) { reports.continuation.yield(.port(port)) }

    /// The port, once everything is served; nil when the task is cancelled before.
    func port() async -> Int? {
        var areSocketsServed = false
        var port: Int?
        for await report in reports.stream {
            switch report {
            case .sockets: areSocketsServed = true
            case .port(let number): port = number
            }
            if areSocketsServed, port != nil { return port }
        }
        return nil
    }
}
