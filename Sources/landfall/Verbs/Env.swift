import ArgumentParser
import Foundation

struct Env: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what 'landfall exec' sets, as export lines.",
        discussion: "For a whole shell: eval \"$(landfall env)\". The access token lasts for an hour.")

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let installation = try options.installation()
        let session = try await installation.refreshed(installation.session(of: options.account))
        for name in Surroundings.contrary(in: ProcessInfo.processInfo.environment) { print("unset \(name)") }
        for (name, value) in try Surroundings(installation: installation, session: session).variables() {
            print("export \(name)='\(value.replacingOccurrences(of: "'", with: #"'\''"#))'")
        }
    }
}
