import Methods
import NIOCore

/// Takes messages out of a request's body: each has five bytes in front, a flag for compression and the length.
struct MessageDecoder: Sendable {
    /// The largest message, in bytes.
    let limit: Int
    private var received = ByteBuffer()

    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ bytes: ByteBuffer) {
        guard received.readableBytes > 0 else {
            received = bytes
            return
        }
        received.discardReadBytes()
        received.writeImmutableBuffer(bytes)
    }

    /// The next message; nil while it is incomplete.
    ///
    /// - Throws: `RESOURCE_EXHAUSTED` for a message over the limit, `UNIMPLEMENTED` for a compressed one.
    mutating func next() throws(ServiceError) -> ByteBuffer? {
        let start = received.readerIndex
        guard let flag = received.getInteger(at: start, as: UInt8.self),
            let length = received.getInteger(at: start + 1, as: UInt32.self)
        else { return nil }
        guard flag == 0 else {
            throw ServiceError(.unimplemented, "Compressed gRPC messages are not supported; send them uncompressed.")
        }
        guard Int(length) <= limit else {
            throw ServiceError(
                .resourceExhausted, "The message has \(length) bytes, more than the limit of \(limit) bytes.")
        }
        guard received.readableBytes >= 5 + Int(length) else { return nil }
        received.moveReaderIndex(forwardBy: 5)
        return received.readSlice(length: Int(length))
    }

    /// Checks that the body did not end within a message.
    func finish() throws(ServiceError) {
        guard received.readableBytes == 0 else {
            throw ServiceError(.invalidArgument, "The request ended in the middle of a gRPC message.")
        }
    }
}

/// Puts a message into its frame.
enum MessageFrame {
    static func encode(_ message: [UInt8]) -> ByteBuffer {
        var frame = ByteBuffer()
        frame.reserveCapacity(5 + message.count)
        frame.writeInteger(UInt8(0))
        frame.writeInteger(UInt32(message.count))
        frame.writeBytes(message)
        return frame
    }
}
