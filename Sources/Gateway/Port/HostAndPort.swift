import NIOCore
import Tunnels

/// A host as it stands in `Host`, `:authority`, CONNECT or an absolute-form request.
struct HostAndPort: Equatable, Sendable {
    /// In lower case, without port, without the brackets of an IPv6 address, without a final dot.
    var host: String
    /// Nil when none is given.
    var port: Int?

    /// Nil when `text` is not `host`, `host:port`, `[address]` or `[address]:port`.
    init?(_ text: some StringProtocol) {
        var host = Substring(text)
        var port: Substring?
        if host.first == "[" {
            guard let end = host.firstIndex(of: "]") else { return nil }
            let rest = host[host.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
            host = host[host.index(after: host.startIndex)..<end]
        } else if let colon = host.firstIndex(of: ":") {
            port = host[host.index(after: colon)...]
            host = host[..<colon]
        }
        if host.last == "." { host = host.dropLast() }
        guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(Self.isHostByte) else { return nil }
        self.host = host.lowercased()
        guard let port else { return }
        guard !port.isEmpty, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port),
            (1...65_535).contains(number)
        else { return nil }
        self.port = number
    }

    /// Letters, digits, `-`, `.`, `_`, and `:` for IPv6 addresses.
    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x2D, 0x2E, 0x5F, 0x3A: true
        default: false
        }
    }
}

extension HostAndPort {
    /// The host and port of `CONNECT host:port HTTP/1.1`; the header fields say nothing that matters here.
    ///
    /// - Throws: an `HTTPRefusal` when the header begins otherwise.
    init(ofConnect head: String) throws(HTTPRefusal) {
        let line = head.prefix { !$0.isNewline }.split(separator: " ", omittingEmptySubsequences: false)
        guard line.count == 3, line[0] == "CONNECT", line[2].hasPrefix("HTTP/1."), let target = HostAndPort(line[1]),
            target.port != nil
        else { throw .badRequest("CONNECT needs a target of the form host:port.\n") }
        self = target
    }
}

/// Domains, each with everything below it.
public struct DomainNames: Sendable {
    private let suffixes: [String]

    /// - Parameter names: `googleapis.com`, `landfall.test`; in any case, without a leading dot.
    public init(_ names: [String]) {
        suffixes = names.map { $0.lowercased() }
    }

    /// Whether `host`, in lower case, is one of the domains or below one.
    public func contains(_ host: String) -> Bool {
        suffixes.contains { host == $0 || host.hasSuffix("." + $0) }
    }
}

extension SocketAddress {
    /// Whether the peer is on this machine: a loopback address or a Unix socket.
    var isLoopback: Bool {
        guard let ip = ipAddress else { return true }
        return ip.hasPrefix("127.") || ip == "::1" || ip.hasPrefix("::ffff:127.")
    }

    /// Whether the address reaches only this machine or its link: loopback, link-local, unspecified.
    var isLocalOnly: Bool {
        guard let ip = ipAddress else { return true }
        return isLoopback || ip.hasPrefix("169.254.") || ip.hasPrefix("::ffff:169.254.") || ip.hasPrefix("fe80:")
            || ip == "::" || ip.hasPrefix("0.")
    }
}
