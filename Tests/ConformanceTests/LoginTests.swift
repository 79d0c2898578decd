import Foundation
import Testing

@Suite("A login")
struct LoginTests {
    @Test("that the server does not know any more is to be made again")
    func unknown() async throws {
        try await LandfallServer.with { server in
            let sessions = server.directory + "/state"
            let path = try #require(
                FileManager.default.enumerator(atPath: sessions)?.compactMap { $0 as? String }
                    .first { $0.hasSuffix("/sessions/alice%40example.com.json") })
            let file = URL(fileURLWithPath: sessions).appendingPathComponent(path)
            let session = try String(contentsOf: file, encoding: .utf8)
            try session.replacing("ya29.", with: "ya29.no").write(to: file, atomically: true, encoding: .utf8)
            let result = try await server.run([LandfallServer.landfall, "jobs"])
            #expect(result.status == 1)
            let said = "Error: The login of alice@example.com has ended: 'landfall login alice@example.com'.\n"
            #expect(result.errors == said)
            try await server.landfall("login", "alice@example.com")
            try await server.landfall("jobs")
        }
    }
}
