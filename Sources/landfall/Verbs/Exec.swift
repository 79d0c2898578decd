import ArgumentParser
import Foundation

struct Exec: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a command with gcloud and Google's libraries pointed at this server.",
        usage: "landfall exec [OPTIONS] -- COMMAND [ARGUMENT ...]",
        discussion: "Only the environment of that one command is changed. See 'landfall env' for what is set.")

    @OptionGroup var options: ClientOptions

    @Argument(parsing: .captureForPassthrough, help: "The command and its arguments.")
    var command: [String] = []

    func run() async throws {
        let words = command.first == "--" ? Array(command.dropFirst()) : command
        guard let program = words.first else { throw ValidationError("Say what to run: landfall exec -- COMMAND") }
        let installation = try options.installation()
        let session = try await installation.refreshed(installation.session(of: options.account))
        for (name, value) in try Surroundings(installation: installation, session: session).variables() {
            setenv(name, value, 1)
        }
        var arguments = words.map { strdup($0) } + [nil]
        execvp(program, &arguments)
        throw CommandFailure("Cannot run '\(program)': \(String(cString: strerror(errno)))")
    }
}
