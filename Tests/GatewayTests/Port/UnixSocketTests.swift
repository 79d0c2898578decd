import Foundation
import Testing

@testable import Gateway

@Suite("Unix sockets")
struct UnixSocketTests {
    @Test("The socket is its owner's alone, and goes with the server")
    func mode() async throws {
        let path = try await TestGateway.with { (gateway) async throws in
            let attributes = try FileManager.default.attributesOfItem(atPath: gateway.socketPath)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let directory = (gateway.socketPath as NSString).deletingLastPathComponent
            let files = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(files.sorted() == ["ca.key", "ca.pem", "control.sock"])
            return gateway.socketPath
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("A socket in use, a file and a long path are refused")
    func refused() async throws {
        try await TestGateway.with { (gateway) async throws in
            let used = gateway.socketPath
            #expect(throws: UnixSocketError.inUse(used)) { try UnixSocket(path: used) }
            let file = gateway.certificateFile
            #expect(throws: UnixSocketError.notASocket(file)) { try UnixSocket(path: file) }
            let long = "/tmp/" + String(repeating: "x", count: 120)
            #expect(throws: UnixSocketError.pathTooLong(long)) { try UnixSocket(path: long) }
        }
    }
}
