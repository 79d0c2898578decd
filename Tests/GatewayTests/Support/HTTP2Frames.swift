import NIOCore
import TestSupport

/// Takes the frames out of what a server sends.
struct HTTP2FrameReader {
    private var received: [UInt8] = []

    struct Frame {
        var type: UInt8
        var flags: UInt8
        var stream: UInt8
        var payload: [UInt8]

        var isGoAway: Bool { type == 7 }
        var isReset: Bool { type == 3 }
    }

    /// The next frame; nil at the end of the connection, whichever way it ended.
    mutating func next(_ inbound: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator) async -> Frame? {
        while true {
            if let frame = take() { return frame }
            guard let bytes = try? await inbound.next() else { return nil }
            received += bytes.readableBytesView
        }
    }

    private mutating func take() -> Frame? {
        guard received.count >= 9 else { return nil }
        let end = 9 + (Int(received[0]) << 16 | Int(received[1]) << 8 | Int(received[2]))
        guard received.count >= end else { return nil }
        defer { received.removeFirst(end) }
        return Frame(
            type: received[3], flags: received[4], stream: received[8], payload: Array(received[9..<end]))
    }
}

extension RawClient {
    /// Sends bytes again and again, until the server has had enough or `count` is reached.
    ///
    /// - Returns: whether the server ended the connection.
    static func flood(port: Int, _ start: [UInt8], count: Int, _ block: @escaping @Sendable (Int) -> [UInt8])
        async throws -> Bool
    {
        do {
            return try await with(port: port) { (inbound, outbound) async throws in
                try await outbound.write(ByteBuffer(bytes: HTTP2Bytes.start + start))
                let sending = Task {
                    for index in 0..<count { try await outbound.write(ByteBuffer(bytes: block(index))) }
                    // The answer shows that everything before it was taken.
                    try await outbound.write(ByteBuffer(bytes: HTTP2Bytes.lastPing))
                }
                defer { sending.cancel() }
                var reader = HTTP2FrameReader()
                while let frame = await reader.next(&inbound) {
                    if frame.payload == HTTP2Bytes.lastPing.suffix(8) { return false }
                }
                return true
            }
        } catch {
            return true
        }
    }
}
