import Foundation

/// Whether a server can have its port; asked as root, before an agent is started and root is given up.
public struct PortCheck: Sendable {
    let host: String
    let port: Int

    /// Describes the port; 0 is any.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Ports below this one are root's alone.
    private static var firstFree: Int {
        let text = try? String(contentsOfFile: "/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding: .utf8)
        return text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? 1024
    }

    /// - Throws: `ServerFailure` with the reason, and what would help.
    public func verify() throws {
        guard port == 0 || port >= Self.firstFree else {
            throw ServerFailure(
                "Port \(port) is root's, and the server gives root up: choose one from \(Self.firstFree) up with --listen."
            )
        }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var list: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(host, String(port), &hints, &list)
        guard result == 0, let list else {
            throw ServerFailure("Cannot listen at \(host): \(String(cString: gai_strerror(result))).")
        }
        defer { freeaddrinfo(list) }
        let error = Self.bindingError(list.pointee)
        guard error == 0 else {
            let hint = error == EADDRINUSE ? " Choose another port with --listen." : ""
            throw ServerFailure("Cannot listen at \(host):\(port): \(String(cString: strerror(error))).\(hint)")
        }
    }

    private static func bindingError(_ address: addrinfo) -> Int32 {
        let descriptor = socket(address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        // What an earlier server's connections left does not keep the next one from the port.
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        return bind(descriptor, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno
    }
}
