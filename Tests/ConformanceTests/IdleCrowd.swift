import Foundation
import TestSupport

/// Many connections to one server that are opened and held.
final class IdleCrowd {
    /// What the members have sent, in equal shares.
    static let openings: [[UInt8]] = [
        [], Array("GET /healthz HTTP/1.1\r\nHost: a\r\n".utf8), Array("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".utf8),
        HTTP2Bytes.start,
    ]

    /// Each address has only so many ports.
    private static let membersOfAddress = 2_500

    private var descriptors: [Int32] = []

    /// Whether this process may open so many.
    static func isPossible(_ count: Int) -> Bool {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return false }
        limit.rlim_cur = limit.rlim_max
        return setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 && limit.rlim_cur > count + 1_000
    }

    /// Opens connections until there are `count`.
    func grow(to count: Int, port: Int) throws {
        while descriptors.count < count {
            let number = descriptors.count
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else { throw TestFailure("no socket: \(errno)") }
            descriptors.append(descriptor)
            // Closed by a reset, so that no port is kept from others for a minute.
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
            let source = Self.address(0x7F00_0002 + UInt32(number / Self.membersOfAddress), port: 0)
            let isConnected =
                Self.with(source) { bind(descriptor, $0, $1) == 0 }
                && Self.with(Self.address(0x7F00_0001, port: port)) { connect(descriptor, $0, $1) == 0 }
            guard isConnected else { throw TestFailure("connection \(number) was refused: \(errno)") }
            let opening = Self.openings[number % Self.openings.count]
            _ = opening.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        }
    }

    func leave() {
        for descriptor in descriptors { close(descriptor) }
        descriptors = []
    }

    private static func address(_ host: UInt32, port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = host.bigEndian
        return address
    }

    private static func with(_ address: sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool) -> Bool {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
