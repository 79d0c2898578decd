import ArgumentParser
import Schema

struct CreateGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a group.")

    @OptionGroup var options: GroupOptions
    @Option(help: "Somebody to be in it: an e-mail address, or user:, serviceAccount: or group: and one. Repeatable.")
    var member: [String] = []

    func run() async throws {
        let request = Landfall_Control_V1_CreateGroupRequest.with {
            $0.address = options.group
            $0.members = member
        }
        let group = try await options.server.installation().control(
            "groups", request, returning: Landfall_Control_V1_Group.self)
        print("Created group \(group.address).")
    }
}
