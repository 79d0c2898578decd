import ArgumentParser
import Schema

struct Logout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End a login: its tokens are good for nothing any more.",
        discussion: """
            A login is one 'landfall login', or one sign-in by browser. Without --all the latest login here ends, or \
            the one of the account. With --all every login of the account ends, wherever it was made and its tokens \
            are: only the owner of the installation may do that.
            """)

    @Argument(help: "The account. Default: the one of the latest login.")
    var account: String?

    @Flag(help: "End every login of the account.")
    var all = false

    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard !all || account != nil else { throw ValidationError("Say whose logins are to end.") }
    }

    func run() async throws {
        let installation = try server.installation()
        guard let account, all else {
            let session = try installation.session(of: account)
            try await installation.revoke(session)
            try installation.remove(session.account)
            return print("Logged \(session.account) out.")
        }
        let answer = try await installation.control(
            "logins:end", Landfall_Control_V1_EndLoginsRequest.with { $0.email = account },
            returning: Landfall_Control_V1_EndLoginsResponse.self)
        // Sessions go by the address as the server writes it.
        try installation.remove(account.lowercased())
        print("Ended \(answer.count) \(answer.count == 1 ? "login" : "logins") of \(account).")
    }
}
