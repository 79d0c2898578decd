import Glibc
import Tunnels

/// An IPv4 address that a task's proxy connects to, in host byte order.
struct OutboundAddress: Hashable {
    var value: UInt32

    /// Whether the proxy goes there: what is the task's own, or its link's, is reached without a proxy or not at all.
    var isOutbound: Bool {
        let isThis = value >> 24 == 0
        let isLoopback = value >> 24 == 127
        let isLinkLocal = value >> 16 == 0xA9FE
        return !isThis && !isLoopback && !isLinkLocal && value >> 28 < 0xE
    }

    /// The address as the system's calls take it.
    func socketAddress(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = value.bigEndian
        return address
    }

    /// The addresses of a host, as the node finds them. It blocks.
    ///
    /// - Throws: `HTTPRefusal` with the system's words.
    static func addresses(of host: String) throws(HTTPRefusal) -> [OutboundAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_INET
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else {
            throw .badGateway("The name \(host) could not be resolved: \(String(cString: gai_strerror(status))).\n")
        }
        defer { freeaddrinfo(list) }
        var found: [OutboundAddress] = []
        var next = list
        while let entry = next?.pointee, found.count < 16 {
            next = entry.ai_next
            guard let address = entry.ai_addr, entry.ai_addrlen >= MemoryLayout<sockaddr_in>.size else { continue }
            let number = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_addr.s_addr }
            found.append(OutboundAddress(value: UInt32(bigEndian: number)))
        }
        return found
    }
}
