import ArgumentParser
import Foundation

struct WhoAmI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Say which account calls are made as, and where.")

    @OptionGroup var options: ClientOptions
    @Option(help: "text or json.") var format: OutputFormat = .text

    func run() async throws {
        let installation = try options.installation()
        let session = try await installation.refreshed(installation.session(of: options.account))
        switch format {
        case .text:
            print(session.account)
        case .json:
            let fields = [
                "account": session.account, "server": installation.baseURL, "project": installation.info.project,
            ]
            try JSONOutput.print(fields)
        }
    }
}
