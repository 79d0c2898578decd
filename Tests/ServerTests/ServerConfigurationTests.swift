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

    @Test("of accounts is refused with the file and the line of a mistake")
    func accounts() throws {
        var configuration = configuration()
        let failure = try #require(throws: ServerFailure.self) {
            try configuration.readAccounts("alice@example.com alice 1004\nbob@example.com bob", file: "/etc/accounts")
        }
        #expect(
            failure.description == "/etc/accounts: line 2: a line is 'PRINCIPAL USER UID' or 'PRINCIPAL USER UID GID'.")
    }

    @Test("of accounts does not make a task run as the server")
    func ownAccount() throws {
        var configuration = configuration()
        try configuration.readAccounts("alice@example.com alice 1004 1005", file: "accounts")
        #expect(throws: ServerFailure.self) { try configuration.check(ServerAccount(uid: 1004, gid: 1)) }
        try configuration.check(ServerAccount(uid: 1005, gid: 1005))
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
