import ArgumentParser
import Foundation
import Schema
import SwiftProtobuf

struct Why: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say why a call was refused, and which grants would help.",
        discussion: """
            A refusal names its id: 'landfall why ID' in gcloud's output, denialId in the details of the error. The \
            owner of the installation sees all of it; others, and --account, what the account may see without it.
            """)

    @OptionGroup var options: ClientOptions
    @Argument(help: "The refusal's id.") var id: String
    @Option(help: "text or json.") var format: OutputFormat = .text

    func run() async throws {
        let installation = try options.installation()
        let path = "/v1/denials/\(id.escaped)"
        let body =
            options.account == nil && installation.isOwned
            ? try await installation.asOwner(.GET, path)
            : try await options.client().send(.GET, "denials", path, body: nil)
        var decoding = JSONDecodingOptions()
        decoding.ignoreUnknownFields = true
        let denial = try Landfall_Denials_V1_Denial(jsonUTF8Bytes: body, options: decoding)
        switch format {
        case .json: try JSONOutput.print(denial)
        case .text: print(DenialText(denial).text, terminator: "")
        }
    }
}
