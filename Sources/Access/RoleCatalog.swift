/// The roles that can be granted, by name.
public struct RoleCatalog: Sendable {
    private let roles: [String: Role]
    /// The roles that contain a permission, those that give the least first.
    private let holders: [Permission: [Role]]

    /// The predefined roles.
    public static let predefined = RoleCatalog(
        basicRoles + batchRoles + computeRoles + iamRoles + loggingRoles + resourceManagerRoles)

    /// Reads roles; one that includes another must come after it.
    init(_ sources: [RoleSource]) {
        var roles: [String: Role] = [:]
        var holders: [Permission: [Role]] = [:]
        for source in sources {
            let role = source.role(including: source.included.flatMap { roles[$0] })
            roles[role.name] = role
            for permission in role.permissions { holders[permission, default: []].append(role) }
        }
        self.roles = roles
        self.holders = holders.mapValues { $0.sorted { ($0.size, $0.name) < ($1.size, $1.name) } }
    }

    /// The role of a name such as `roles/viewer`; nil when there is none.
    public subscript(name: String) -> Role? { roles[name] }

    /// The names of all roles, sorted.
    public var names: [String] { roles.keys.sorted() }

    /// The roles that contain `permission`, those that give the least first.
    public func roles(containing permission: Permission) -> [Role] { holders[permission] ?? [] }
}

/// A role as the files in `Roles/` write it down.
struct RoleSource {
    let name: String
    let title: String
    let size: Int
    let grantableOn: Set<Resource.Kind>
    /// The role whose permissions it has as well.
    let included: String?
    /// A line for each resource of a service, with the verbs: `batch.jobs create delete get list`.
    let permissions: String

    init(
        _ name: String, title: String, size: Int,
        on grantableOn: Set<Resource.Kind> = [.organization, .folder, .project], including included: String? = nil,
        permissions: String
    ) {
        self.name = name
        self.title = title
        self.size = size
        self.grantableOn = grantableOn
        self.included = included
        self.permissions = permissions
    }

    func role(including other: Role?) -> Role {
        var set = other?.permissions ?? []
        for line in permissions.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let resource = words.first else { continue }
            for verb in words.dropFirst() { set.insert(Permission("\(resource).\(verb)")) }
        }
        return Role(name: name, title: title, size: size, permissions: set, grantableOn: grantableOn)
    }
}
