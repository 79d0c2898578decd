/// Why the proxy does not carry a request out.
struct ProxyRefusal: Error, Hashable {
    var status: Int
    var reason: String
    /// For people, with a final line feed.
    var text: String

    static func badRequest(_ text: String) -> Self { Self(status: 400, reason: "Bad Request", text: text) }
    static func forbidden(_ text: String) -> Self { Self(status: 403, reason: "Forbidden", text: text) }
    static func badGateway(_ text: String) -> Self { Self(status: 502, reason: "Bad Gateway", text: text) }
    static func unavailable(_ text: String) -> Self { Self(status: 503, reason: "Service Unavailable", text: text) }

    /// The whole answer, after which the connection is closed.
    var response: String {
        "HTTP/1.1 \(status) \(reason)\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)"
    }
}
