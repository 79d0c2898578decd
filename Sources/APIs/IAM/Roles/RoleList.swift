import Access
import Directory
import FoundationEssentials
import Methods
import Schema

/// Lists of roles, by name and by page.
struct RoleList: Sendable {
    private static let usualPage = 300
    private static let longestPage = 1000

    let state: DirectoryState

    /// The predefined roles.
    func predefined(
        _ request: Google_Iam_Admin_V1_ListRolesRequest
    ) throws -> Google_Iam_Admin_V1_ListRolesResponse {
        let page = try Self.page(
            of: state.access.catalog.predefinedRoles, named: \.name, request.pageSize, request.pageToken,
            scope: ["roles"])
        return .with {
            $0.roles = page.items.map { .init($0, view: request.view) }
            $0.nextPageToken = page.next
        }
    }

    /// The custom roles of a project or organization.
    func custom(
        of parent: CustomRole.Parent, _ request: Google_Iam_Admin_V1_ListRolesRequest, at now: Date
    ) throws -> Google_Iam_Admin_V1_ListRolesResponse {
        let roles = CustomRoleRules().list(state.customRoles(of: parent), showDeleted: request.showDeleted, at: now)
        let page = try Self.page(
            of: roles, named: \.name.text, request.pageSize, request.pageToken,
            scope: ["roles", parent.path, "\(request.showDeleted)"])
        return .with {
            $0.roles = page.items.map { .init($0, view: request.view) }
            $0.nextPageToken = page.next
        }
    }

    /// The roles that the policy of a resource can grant, custom ones among them.
    func grantable(
        on resource: FullResourceName, _ request: Google_Iam_Admin_V1_QueryGrantableRolesRequest
    ) throws -> Google_Iam_Admin_V1_QueryGrantableRolesResponse {
        let lineage = state.access.hierarchy.lineage(of: state.located(resource.container) ?? resource.container)
        let roles = state.access.catalog.roles(
            grantableOn: resource.type, in: Set(lineage.compactMap(CustomRole.Parent.init)))
        let page = try Self.page(
            of: roles, named: \.name, request.pageSize, request.pageToken,
            scope: ["grantable", request.fullResourceName])
        return .with {
            $0.roles = page.items.map { role in
                let custom = state.roles[role.name]
                return custom.map { .init($0, view: request.view) } ?? .init(role, view: request.view)
            }
            $0.nextPageToken = page.next
        }
    }

    private static func page<Item>(
        of items: [Item], named name: KeyPath<Item, String>, _ size: Int32, _ token: String, scope: [String]
    ) throws -> (items: ArraySlice<Item>, next: String) {
        let last = try PageToken.read(token, scope: scope) ?? ""
        let limit = try PageSize.read(size, default: usualPage, maximum: longestPage)
        let rest = items.drop { $0[keyPath: name] <= last }
        let page = rest.prefix(limit)
        guard rest.count > limit, let end = page.last else { return (page, "") }
        return (page, try PageToken.make(after: end[keyPath: name], scope: scope))
    }
}
