import Tunnels

/// Where a CONNECT leads.
struct ProxyTarget: Hashable {
    /// A name or an IPv4 address; in lower case, without a final dot.
    var host: String
    var port: UInt16

    /// - Throws: `HTTPRefusal` for what is no CONNECT, or has no target of the form host:port.
    init(ofRequest head: String) throws(HTTPRefusal) {
        let line = head.prefix { !$0.isNewline }.split(separator: " ", omittingEmptySubsequences: false)
        guard line.count == 3, line[2].hasPrefix("HTTP/1.") else { throw .badRequest("This is not HTTP/1.1.\n") }
        guard line[0] == "CONNECT" else {
            throw .badRequest(
                "This proxy is for https alone, by CONNECT: it passes on no other requests. Do not set http_proxy.\n")
        }
        guard let colon = line[1].lastIndex(of: ":"), let port = Self.port(line[1][line[1].index(after: colon)...])
        else { throw .badRequest("CONNECT needs a target of the form host:port.\n") }
        var host = line[1][..<colon]
        if host.last == "." { host = host.dropLast() }
        guard (1...253).contains(host.utf8.count), host.utf8.allSatisfy(Self.isHostByte) else {
            throw .badRequest("CONNECT needs the name of a host or an IPv4 address.\n")
        }
        self.host = host.lowercased()
        self.port = port
    }

    private static func port(_ digits: Substring) -> UInt16? {
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = UInt16(digits), port > 0
        else { return nil }
        return port
    }

    /// Letters, digits, `-`, `.` and `_`.
    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
