import ArgumentParser

struct Login: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Become somebody on this server.",
        discussion: """
            Whoever owns the installation may log in as any of its accounts: it is their machine. What the account \
            may do is decided by the roles that it has been granted.
            """)

    @Argument(help: "E-mail address of a person or of a service account.")
    var email: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let installation = try server.installation()
        let session = try await installation.login(email)
        try installation.save(session, asCurrent: true)
        print("Logged in as \(session.account) at \(installation.baseURL).")
    }
}
