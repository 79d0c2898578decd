import Foundation
import Identity
import TestSupport
import Testing

@Suite("A service account's key file")
struct KeyFileTests {
    @Test("signs a token for a service, unless its key is longer than any account has", arguments: [2048, 4608])
    func size(bits: Int) async throws {
        let pem = try await Program.run(["openssl", "genrsa", String(bits)]).output
        let json = try JSONSerialization.data(withJSONObject: [
            "type": "service_account", "private_key_id": "1", "private_key": pem,
            "client_email": "robot@demo.iam.gserviceaccount.com",
        ])
        let file = try #require(KeyFile(json))
        let token = file.token(for: "artifactregistry.googleapis.com", at: Date())
        #expect((token != nil) == (bits == 2048))
    }

    @Test("is refused when it is another kind of file, or long", arguments: ["{}", "x", #"{"type":"user"}"#])
    func others(text: String) {
        #expect(KeyFile(Data(text.utf8)) == nil)
        #expect(KeyFile(Data(repeating: UInt8(ascii: " "), count: KeyFile.longest + 1)) == nil)
    }
}
