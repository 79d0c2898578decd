import Testing

@testable import Server

@Suite("What a server is told")
struct ServerConfigurationTests {
    private func configuration(
        owner: String? = nil, project: String = "demo", universe: String = "landfall.test"
    ) -> ServerConfiguration {
        ServerConfiguration(
            layout: DataLayout(root: "/nonexistent"), host: "127.0.0.1", port: 0, owner: owner, project: project,
            universe: universe)
    }

    @Test("is refused before anything is begun when it cannot be")
    func wrong() {
        for configuration in [
            configuration(owner: "alice"), configuration(project: "BAD"), configuration(universe: "bad host"),
            configuration(universe: "com"), configuration(universe: ""),
        ] {
            #expect(throws: (any Error).self) { try configuration.check() }
        }
    }

    @Test("is taken when it is well formed")
    func right() throws {
        try configuration().check()
        try configuration(owner: "alice@example.com", project: "my-project-1", universe: "batch.example.com").check()
    }
}

@Suite("What a server says of itself")
struct ServerInfoTests {
    @Test("is an address as URLs have it", arguments: [("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80")])
    func address(host: String, address: String) {
        let info = ServerInfo(
            version: "1", host: host, port: 80, project: "demo", universe: "landfall.test", authorityFile: "",
            processID: 1)
        #expect(info.address == address)
    }
}
