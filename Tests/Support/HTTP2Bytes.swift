/// Frames of HTTP/2 (RFC 9113), byte by byte.
public enum HTTP2Bytes {
    /// The flag of a frame that ends its stream.
    public static let endStream: UInt8 = 1
    /// The flag of a frame that ends a header.
    public static let endHeaders: UInt8 = 4

    /// What a client begins with: the preface and empty SETTINGS.
    public static let start = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + settings()

    /// A frame of any type.
    public static func frame(_ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) -> [UInt8] {
        let size = payload.count
        let head = [UInt8(size >> 16 & 255), UInt8(size >> 8 & 255), UInt8(size & 255), type, flags]
        return head + bytes(stream) + payload
    }

    /// A part of a body.
    public static func data(_ stream: UInt32, _ bytes: [UInt8] = [], flags: UInt8 = 0) -> [UInt8] {
        frame(0, flags: flags, stream: stream, bytes)
    }

    /// The header of a request; a body follows unless the flags end the stream.
    ///
    /// - Parameter more: fields after the path, as `literal` writes them.
    public static func headers(
        _ stream: UInt32, isPost: Bool = true, path: String = "/", flags: UInt8 = endHeaders, _ more: [UInt8] = []
    ) -> [UInt8] {
        // Entries of HPACK's static table: the method, `http`, and the names of the path and the authority.
        let fields: [UInt8] = [isPost ? 0x83 : 0x82, 0x86, 0x04] + text(path) + [0x01] + text("a")
        return frame(1, flags: flags, stream: stream, fields + more)
    }

    /// A field of a header.
    public static func literal(_ name: String, _ value: String) -> [UInt8] { [0] + text(name) + text(value) }

    /// A text of HPACK of up to 126 bytes, as it is.
    private static func text(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }

    /// PRIORITY of a stream.
    public static func priority(_ stream: UInt32) -> [UInt8] { frame(2, stream: stream, [0, 0, 0, 0, 1]) }
    /// RST_STREAM: the client does not want an answer any more.
    public static func reset(_ stream: UInt32) -> [UInt8] { frame(3, stream: stream, [0, 0, 0, 8]) }
    /// SETTINGS, six bytes for each value.
    public static func settings(_ values: [UInt8] = []) -> [UInt8] { frame(4, values) }
    /// A PING.
    public static let ping = frame(6, [1, 2, 3, 4, 5, 6, 7, 8])
    /// A PING whose answer can be told from the others.
    public static let lastPing = frame(6, [9, 9, 9, 9, 9, 9, 9, 9])
    /// WINDOW_UPDATE of the connection.
    public static func windowUpdate(_ size: UInt32) -> [UInt8] { frame(8, bytes(size)) }
    /// More of a header.
    public static func continuation(_ stream: UInt32, _ bytes: [UInt8]) -> [UInt8] { frame(9, stream: stream, bytes) }

    private static func bytes(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
}
