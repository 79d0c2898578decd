import ArgumentParser
import Schema

struct AddMember: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add-member", abstract: "Take somebody into a group.")

    @OptionGroup var options: GroupOptions
    @Argument(help: "E-mail addresses, or user:, serviceAccount: or group: and one.")
    var members: [String]

    func run() async throws {
        let request = Landfall_Control_V1_ChangeMembersRequest.with {
            $0.address = options.group
            $0.added = members
        }
        let group = try await options.server.installation().control(
            "groups:changeMembers", request, returning: Landfall_Control_V1_Group.self)
        print(group.summary)
    }
}
