import ArgumentParser
import Schema

struct DescribeGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "describe", abstract: "Say who is in a group.")

    @OptionGroup var options: GroupOptions
    @Option(help: "text or json.") var format: OutputFormat = .text

    func run() async throws {
        let group = try await options.server.installation().control(
            "groups:get", Landfall_Control_V1_GetGroupRequest.with { $0.address = options.group },
            returning: Landfall_Control_V1_Group.self)
        switch format {
        case .json: try JSONOutput.print(group)
        case .text: for member in group.members { print(member) }
        }
    }
}
