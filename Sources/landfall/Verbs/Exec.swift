import ArgumentParser
import Foundation

struct Exec: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a command with gcloud and Google's libraries pointed at this server.",
        usage: "landfall exec [OPTIONS] -- COMMAND [ARGUMENT ...]",
        discussion: "Only the environment of that one command is changed. See 'landfall env' for what is set.")

    @OptionGroup var options: ClientOptions

    @Flag(help: "Call as nobody: for a command with a credential of its own, such as a service account's key file.")
    var noAccount = false

    @Argument(parsing: .captureForPassthrough, help: "The command and its arguments.")
    var command: [String] = []

    /// The command, without the dashes that may stand before it.
    private var words: [String] { command.first == "--" ? Array(command.dropFirst()) : command }

    func validate() throws {
        guard !noAccount || options.account == nil else {
            throw ValidationError("--account and --no-account exclude each other.")
        }
        guard let first = command.first, !words.isEmpty else {
            throw ValidationError("Say what to run: landfall exec -- COMMAND")
        }
        // What stands before the command and is no known option is captured like the command.
        if ["-h", "--help"].contains(first) { throw CleanExit.helpRequest(self) }
        guard first == "--" || !first.hasPrefix("-") else { throw ValidationError("Unknown option '\(first)'") }
    }

    func run() async throws {
        let words = words
        let installation = try options.installation()
        let session =
            noAccount ? nil : try await installation.refreshed(installation.session(of: options.account))
        let surroundings = Surroundings(installation: installation, session: session)
        let environment = ProcessInfo.processInfo.environment
        for name in Surroundings.contrary(in: environment, bringsCredential: noAccount) { unsetenv(name) }
        for (name, value) in try surroundings.variables() { setenv(name, value, 1) }
        var arguments = words.map { strdup($0) } + [nil]
        execvp(words[0], &arguments)
        throw CommandFailure("Cannot run '\(words[0])': \(String(cString: strerror(errno)))")
    }
}
