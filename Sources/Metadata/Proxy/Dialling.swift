import Dispatch
import Glibc
import SystemPackage
import Tunnels

/// Connects a socket that was made elsewhere, without a thread that waits.
enum Dialling {
    private static let queue = DispatchQueue(label: "landfall.dialling")

    /// Connects; the socket is closed when that fails.
    ///
    /// - Parameters:
    ///   - socket: an IPv4 socket that does not block.
    ///   - limit: how long the other end may take.
    /// - Throws: `HTTPRefusal`, `CancellationError`.
    static func connect(
        _ socket: FileDescriptor, to address: OutboundAddress, port: UInt16, within limit: Duration
    ) async throws {
        do {
            var place = address.socketAddress(port: port)
            let status = withUnsafePointer(to: &place) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(socket.rawValue, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if status == 0 { return }
            guard errno == EINPROGRESS else { throw failure(errno) }
            try await established(socket, within: limit)
            var error: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            guard getsockopt(socket.rawValue, SOL_SOCKET, SO_ERROR, &error, &size) == 0, error == 0 else {
                throw failure(error)
            }
        } catch {
            try? socket.close()
            throw error
        }
    }

    private static func established(_ socket: FileDescriptor, within limit: Duration) async throws {
        let outcome = FirstOutcome<Void>()
        let source = DispatchSource.makeWriteSource(fileDescriptor: socket.rawValue, queue: queue)
        let closed = FirstOutcome<Void>()
        source.setEventHandler { outcome.settle(.success(())) }
        source.setCancelHandler { closed.settle(.success(())) }
        source.activate()
        let timeout = Task {
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            outcome.settle(.failure(failure(ETIMEDOUT)))
        }
        defer { timeout.cancel() }
        let result: Result<Void, any Error>
        do { result = .success(try await outcome.value()) } catch { result = .failure(error) }
        source.cancel()
        // Before that the descriptor must not be closed. It comes at once, also to a task that is cancelled.
        await Task { try? await closed.value() }.value
        try result.get()
    }

    private static func failure(_ number: Int32) -> HTTPRefusal {
        .badGateway("The host could not be reached: \(Errno(rawValue: number)).\n")
    }
}
