import ArgumentParser
import Schema
import SwiftProtobuf

struct DeleteGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a group.",
        discussion: """
            What was granted to it is granted to nobody, also when there is another group of its address later. The \
            people and accounts in it stay.
            """)

    @OptionGroup var options: GroupOptions

    func run() async throws {
        let request = Landfall_Control_V1_DeleteGroupRequest.with { $0.address = options.group }
        _ = try await options.server.installation().control(
            "groups:delete", request, returning: Google_Protobuf_Empty.self)
        print("Deleted group \(options.group).")
    }
}
