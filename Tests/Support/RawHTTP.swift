import Foundation

/// HTTP/1.1 byte by byte, for requests that no library would send.
public struct RawHTTP: Sendable {
    /// The first answer of a connection.
    public struct Answer: Sendable {
        /// 0 when nothing came, or no HTTP.
        public var status: Int
        /// The line of the status and the fields.
        public var header: String
        /// Everything after the header.
        public var body: String
        /// What ended it.
        public var ending: Ending

        /// The message of Google's error envelope; the body when it is none.
        public var message: String {
            let json = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
            return (json?["error"] as? [String: Any])?["message"] as? String ?? body
        }

        /// The fields that the error names.
        public var fields: [String] {
            let json = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
            let details = (json?["error"] as? [String: Any])?["details"] as? [[String: Any]] ?? []
            let violations = details.flatMap { $0["fieldViolations"] as? [[String: Any]] ?? [] }
            return violations.compactMap { $0["field"] as? String }
        }
    }

    /// Why there is no more of an answer.
    public enum Ending: Sendable {
        case closed
        case reset
        /// Nothing came for as long as the client had patience.
        case silence
    }

    /// Where the server listens on 127.0.0.1.
    public let port: Int

    /// A client of the server at a port.
    public init(port: Int) { self.port = port }

    /// Sends bytes, and everything of them before the first byte of the answer is read, as simple clients do; reads
    /// until the server closes the connection or is silent for `patience` seconds.
    ///
    /// - Parameter end: whether to close the sending side afterwards, before what was announced has been sent.
    public func exchange(_ request: Data, end: Bool = false, patience: Int = 30) async throws -> Answer {
        let (received, ending) = try await received(for: request, end: end, patience: patience)
        let text = String(decoding: received, as: UTF8.self)
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let words = text.prefix { !$0.isNewline }.split(separator: " ")
        return Answer(
            status: words.count > 1 ? Int(words[1]) ?? 0 : 0, header: String(parts[0]),
            body: parts.count > 1 ? String(parts[1]) : "", ending: ending)
    }

    /// The same, of any protocol.
    public func bytes(for request: Data, end: Bool = false, patience: Int = 30) async throws -> Data {
        try await received(for: request, end: end, patience: patience).bytes
    }

    private func received(
        for request: Data, end: Bool, patience: Int
    ) async throws -> (bytes: Data, ending: Ending) {
        let port = port
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try Self.exchange(request, port, end: end, patience) })
            }
        }
    }

    /// Sends bytes and reads nothing.
    ///
    /// - Returns: How many are taken until all are, or none is for `patience` seconds.
    public func taken(of request: Data, patience: Int = 30) async throws -> Int {
        let port = port
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let descriptor = try Self.connected(port, patience)
                        defer { close(descriptor) }
                        return Self.send(request, to: descriptor)
                    })
            }
        }
    }

    private static func exchange(
        _ request: Data, _ port: Int, end: Bool, _ patience: Int
    ) throws -> (bytes: Data, ending: Ending) {
        let descriptor = try connected(port, patience)
        defer { close(descriptor) }
        send(request, to: descriptor)
        if end { shutdown(descriptor, Int32(SHUT_WR)) }
        return receive(from: descriptor)
    }

    private static func connected(_ port: Int, _ patience: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            close(descriptor)
            throw TestFailure("the server does not listen any more")
        }
        var time = timeval(tv_sec: patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
        return descriptor
    }

    /// What the server does not take any more, it has answered.
    @discardableResult
    private static func send(_ data: Data, to descriptor: Int32) -> Int {
        data.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count, let base = bytes.baseAddress {
                let count = Glibc.send(descriptor, base + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { break }
                sent += count
            }
            return sent
        }
    }

    private static func receive(from descriptor: Int32) -> (bytes: Data, ending: Ending) {
        var received = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else {
                return (received, count == 0 ? .closed : errno == EAGAIN ? .silence : .reset)
            }
            received.append(contentsOf: buffer[..<count])
        }
    }
}
