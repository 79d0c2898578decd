/// The roles that can be granted, by name: the predefined ones, and the custom roles of projects and organizations.
public struct RoleCatalog: Sendable {
    /// The predefined roles by name, sorted. They never change, so that every copy shares them.
    private let predefined: [Role]
    private let places: [String: Int]
    private var custom: [String: Role] = [:]
    /// The names of each parent's custom roles.
    private var ofParent: [CustomRole.Parent: Set<String>] = [:]

    /// The predefined roles alone, read when first used.
    public static let predefined = RoleCatalog(RoleReader(.roles).roles)

    init(_ predefined: [Role]) {
        self.predefined = predefined.sorted { $0.name < $1.name }
        let names = self.predefined.map(\.name)
        places = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    }

    /// The role of a name such as `roles/viewer` or `projects/demo/roles/etl`; nil when there is none.
    public subscript(name: String) -> Role? {
        places[name].map { predefined[$0] } ?? custom[name]
    }

    /// The predefined roles, by name.
    public var predefinedRoles: [Role] { predefined }

    /// The names of all roles, sorted.
    public var names: [String] { (predefined.map(\.name) + custom.keys).sorted() }

    /// Adds a custom role, or replaces the one of its name.
    public mutating func put(_ role: CustomRole) {
        custom[role.name.text] = role.role
        ofParent[role.name.parent, default: []].insert(role.name.text)
    }

    /// Forgets a custom role that is gone for good. While it can be undeleted it stays, and grants nothing.
    public mutating func remove(_ name: CustomRole.Name) {
        custom[name.text] = nil
        ofParent[name.parent]?.remove(name.text)
    }

    /// The roles that contain a permission, those that give the least first: the fewest permissions to do more than
    /// look, then those that are generally available, then the fewest permissions of other services, then the fewest.
    ///
    /// So to see a project `roles/browser` comes before `roles/resourcemanager.projectMover`, which has fewer
    /// permissions, and before `roles/iam.serviceAccountUser`. Roles for the accounts of services come last.
    ///
    /// - Parameter parents: whose custom roles count besides the predefined ones; nil for everybody's.
    public func roles(containing permission: Permission, in parents: Set<CustomRole.Parent>? = nil) -> [Role] {
        guard let id = PermissionTable.known.id(of: permission) else { return [] }
        let own = PermissionTable.known.permissions(ofService: permission.service)
        let holders = roles(in: parents) { $0.contains(id) }
        return holders.map { Generosity($0, own) }.enumerated()
            .sorted { $0.element < $1.element }.map { holders[$0.offset] }
    }

    /// The roles that a policy on a resource can grant, by name: what `queryGrantableRoles` lists.
    ///
    /// - Parameters:
    ///   - type: the type of the resource.
    ///   - parents: the project and the organization that it is or lies in, whose custom roles count.
    public func roles(grantableOn type: ResourceType, in parents: Set<CustomRole.Parent>) -> [Role] {
        roles(in: parents) { $0.types.contains(type) && !$0.isDeleted }.sorted { $0.name < $1.name }
    }

    private func roles(in parents: Set<CustomRole.Parent>?, where isMeant: (Role) -> Bool) -> [Role] {
        guard let parents else { return predefined.filter(isMeant) + custom.values.filter(isMeant) }
        let names = parents.flatMap { ofParent[$0] ?? [] }
        return predefined.filter(isMeant) + names.compactMap { custom[$0] }.filter(isMeant)
    }
}

/// How much a grant of a role gives to somebody who wants one permission of a service.
private struct Generosity: Comparable {
    private let agent: Int
    private let power: Int
    private let stage: Int
    private let foreign: Int
    private let size: Int
    private let name: String

    init(_ role: Role, _ service: PermissionSet) {
        agent = role.isForServiceAgent ? 1 : 0
        power = role.power
        stage = role.stage == .generalAvailability || role.parent != nil ? 0 : 1
        foreign = role.size - role.permissions.count(sharedWith: service)
        size = role.size
        name = role.name
    }

    static func < (left: Self, right: Self) -> Bool {
        let (a, b) = ((left.agent, left.power, left.stage), (right.agent, right.power, right.stage))
        return a == b
            ? (left.foreign, left.size, left.name) < (right.foreign, right.size, right.name) : a < b
    }
}
