import Testing

@testable import landfall

@Suite("The address to listen at")
struct ListenAddressTests {
    @Test(
        "is a host and a port",
        arguments: [
            ("127.0.0.1:8787", "127.0.0.1", 8787), ("[::1]:0", "::1", 0), ("localhost:65535", "localhost", 65535),
        ])
    func parses(text: String, host: String, port: Int) {
        let address = ListenAddress(argument: text)
        #expect(address?.host == host)
        #expect(address?.port == port)
    }

    @Test(
        "is refused when the port is missing or no port", arguments: ["127.0.0.1", ":80", "a:65536", "a:-1", "a:b", ""])
    func refuses(text: String) {
        #expect(ListenAddress(argument: text) == nil)
    }
}
