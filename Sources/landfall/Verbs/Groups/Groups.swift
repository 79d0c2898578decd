import ArgumentParser
import Schema

struct Groups: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Keep groups of people and service accounts, for policies to name.",
        discussion: """
            Whoever owns the installation keeps its groups; what they may do is granted to 'group:ADDRESS' in \
            policies, and holds for all who are in the group, directly or through other groups.
            """,
        subcommands: [
            CreateGroup.self, ListGroups.self, DescribeGroup.self, AddMember.self, RemoveMember.self, DeleteGroup.self,
        ])
}

/// What every verb about one group asks for.
struct GroupOptions: ParsableArguments {
    @Argument(help: "The group's e-mail address.")
    var group: String

    @OptionGroup var server: ServerOptions
}

extension Landfall_Control_V1_Group {
    /// How many are in it, in a sentence.
    var summary: String { "\(address) has \(members.count) \(members.count == 1 ? "member" : "members")." }
}
