import ArgumentParser
import Foundation

struct LoginConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login-config",
        abstract: "Write a file for 'gcloud auth login --login-config=FILE'.",
        discussion: """
            It is for gcloud under 'landfall exec --no-account'. With --universe it is for a gcloud whose \
            core/universe_domain is the server's: the browser must then find the universe's names and trust the \
            server's authority.
            """)

    @Argument(help: "The file.")
    var file: String

    @Flag(help: "For a gcloud in the private universe.")
    var universe = false

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let installation = try server.installation()
        let configuration = LoginConfiguration(
            info: installation.info, baseURL: installation.baseURL, isForUniverse: universe)
        try PrivateFile.write(configuration.json(), to: URL(fileURLWithPath: file))
        print("Wrote \(file): gcloud auth login --login-config=\(file)")
    }
}
