import ArgumentParser
import Foundation
import Schema

struct ListGroups: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the groups.")

    @OptionGroup var server: ServerOptions
    @Option(help: "text or json.") var format: OutputFormat = .text

    func run() async throws {
        let installation = try server.installation()
        var groups: [Landfall_Control_V1_Group] = []
        var request = Landfall_Control_V1_ListGroupsRequest()
        repeat {
            let page = try await installation.control(
                "groups:list", request, returning: Landfall_Control_V1_ListGroupsResponse.self)
            groups += page.groups
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        switch format {
        case .json: try JSONOutput.print(groups)
        case .text:
            var table = TextTable(["GROUP", "MEMBERS", "CREATED"])
            for group in groups {
                table.add([group.address, "\(group.members.count)", group.createTime.date.formatted(.iso8601)])
            }
            print(table.text, terminator: "")
        }
    }
}
