import ArgumentParser
import Foundation
import Schema

struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say who signs in with a browser.",
        discussion: """
            'gcloud auth login' opens a page that shows a code. Whoever owns the installation says by it as whom the \
            program is signed in. Approve only what you have begun yourself, or were asked for in person: the program \
            gets tokens of the account, until 'landfall logout --all ACCOUNT'.
            """)

    @Argument(help: "The code that the page shows: BCDF-GHJK.")
    var code: String

    @Option(name: .customLong("as"), help: "The person's e-mail address. Default: the account of the latest login.")
    var account: String?

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let installation = try server.installation()
        let email = try account ?? installation.session(of: nil).account
        let request = Landfall_Control_V1_ApproveSignInRequest.with {
            $0.code = code
            $0.email = email
        }
        let signIn = try await installation.control(
            "signIns:approve", request, returning: Landfall_Control_V1_SignIn.self)
        let seconds = Int(max(0, -signIn.createTime.date.timeIntervalSinceNow))
        // Elsewhere than on this machine nobody waits: the page shows the code.
        let isHere = signIn.destination.hasPrefix("http://")
        let program = isHere ? "the program that waits at \(signIn.destination)" : "a program without a browser"
        print("Approved: \(program) is signed in as \(signIn.account). It began \(seconds) s ago.")
    }
}
