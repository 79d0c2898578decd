import Foundation
import TestSupport

/// Two Unix sockets of the host's that listen: one in the abstract name space, one in a directory.
struct UnixListeners {
    /// The abstract name, without its first NUL.
    let name: String
    let path: String
    private let descriptors: [Int32]

    /// - Throws: `TestFailure`
    init(directory: String) throws {
        name = "landfall-test-\(UUID().uuidString)"
        path = directory + "/socket"
        descriptors = try [[0] + Array(name.utf8), Array(path.utf8)].map(Self.listen)
    }

    /// Whether somebody has connected.
    var wasReached: Bool {
        descriptors.contains { descriptor in
            let client = accept(descriptor, nil, nil)
            if client >= 0 { Foundation.close(client) }
            return client >= 0
        }
    }

    func close() {
        for descriptor in descriptors { Foundation.close(descriptor) }
    }

    private static func listen(_ bytes: [UInt8]) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let isListening = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 }
        }
        guard isListening, Foundation.listen(descriptor, 8) == 0 else { throw TestFailure("cannot listen: \(errno)") }
        return descriptor
    }
}
