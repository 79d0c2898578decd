import NIOCore

/// Why a request is not carried out, as a whole answer in plain text.
public struct HTTPRefusal: Error, Hashable, Sendable {
    /// The status code.
    public var status: Int
    /// The words beside it; may be empty.
    public var reason: String
    /// For people, with a final line feed.
    public var text: String

    /// A refusal with a status of one's own.
    public init(status: Int, reason: String, text: String) {
        self.status = status
        self.reason = reason
        self.text = text
    }

    /// 400: the request is wrong.
    public static func badRequest(_ text: String) -> Self { Self(status: 400, reason: "Bad Request", text: text) }
    /// 403: it is not allowed.
    public static func forbidden(_ text: String) -> Self { Self(status: 403, reason: "Forbidden", text: text) }
    /// 502: the other host is at fault.
    public static func badGateway(_ text: String) -> Self { Self(status: 502, reason: "Bad Gateway", text: text) }
    /// 503: it may work later.
    public static func unavailable(_ text: String) -> Self {
        Self(status: 503, reason: "Service Unavailable", text: text)
    }

    /// The whole HTTP/1.1 response, after which the connection is closed.
    public var response: ByteBuffer {
        ByteBuffer(
            string: "HTTP/1.1 \(status) \(reason)\r\ncontent-type: text/plain; charset=utf-8\r\n"
                + "content-length: \(text.utf8.count)\r\nconnection: close\r\n\r\n\(text)")
    }
}
