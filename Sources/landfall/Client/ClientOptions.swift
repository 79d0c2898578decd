import ArgumentParser
import Foundation

/// The option of every verb that talks to a running server.
struct ServerOptions: ParsableArguments {
    @Option(help: "The server's data directory. Default: LANDFALL_DATA, else the first one that exists.")
    var data: String?

    /// Where the server is.
    func installation() throws -> Installation {
        try Installation(dataDirectory: DataDirectory.existing(data))
    }
}

/// The options of every verb that calls as somebody.
struct ClientOptions: ParsableArguments {
    @OptionGroup var server: ServerOptions

    @Option(help: "The account to call as, out of those that have logged in. Default: the latest.")
    var account: String?

    /// Where the server is.
    func installation() throws -> Installation { try server.installation() }

    /// A client that calls as the chosen account.
    func client() throws -> APIClient {
        let installation = try installation()
        return APIClient(installation: installation, session: try installation.session(of: account))
    }
}

/// How a verb prints what it found.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// For people, on a terminal.
    case text
    /// For programs.
    case json
}
