import Foundation

/// A TCP listener on all of this machine's addresses.
public struct HostListener: Sendable {
    /// Chosen by the system.
    public let port: UInt16
    private let descriptor: Int32

    /// Starts to listen.
    ///
    /// - Throws: `TestFailure`
    public init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.address(INADDR_ANY, port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && listen(descriptor, 100) == 0
                    && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard isListening else { throw TestFailure("cannot listen") }
        self.descriptor = descriptor
        port = UInt16(bigEndian: address.sin_port)
    }

    /// Listens no more.
    public func close() { Foundation.close(descriptor) }

    /// Whether the listener can be reached at an address of this machine.
    public func answers(at host: String) -> Bool {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { Foundation.close(client) }
        var address = Self.address(inet_addr(host), port: port)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// This machine's IPv4 addresses beside the loopback's, tasks' own networks included.
    public static func addresses() async throws -> [String] {
        try await Program.run(["hostname", "-I"]).output.split(whereSeparator: \.isWhitespace).map(String.init)
            .filter { $0.contains(".") }
    }

    private static func address(_ host: in_addr_t, port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = host
        return address
    }
}
