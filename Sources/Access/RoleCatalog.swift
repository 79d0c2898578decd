/// The roles that can be granted, by name.
public struct RoleCatalog: Sendable {
    private let roles: [String: Role]
    /// The roles that contain a permission, in the order of `roles(containing:)`.
    private let holders: [Permission: [Role]]

    /// The predefined roles.
    public static let predefined = RoleCatalog(
        basicRoles + batchRoles + computeRoles + iamRoles + loggingRoles + resourceManagerRoles + serviceUsageRoles)

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
        self.holders = Self.ordered(holders)
    }

    /// The role of a name such as `roles/viewer`; nil when there is none.
    public subscript(name: String) -> Role? { roles[name] }

    /// The names of all roles, sorted.
    public var names: [String] { roles.keys.sorted() }

    /// The roles that contain `permission`: first those that give the least beyond its service, of these the
    /// smallest. To see a project, `roles/browser` comes before `roles/iam.serviceAccountUser`, which is smaller.
    public func roles(containing permission: Permission) -> [Role] { holders[permission] ?? [] }

    private static func ordered(_ holders: [Permission: [Role]]) -> [Permission: [Role]] {
        var own: [String: [Substring: Int]] = [:]
        for (permission, roles) in holders {
            for role in roles { own[role.name, default: [:]][permission.service, default: 0] += 1 }
        }
        return holders.reduce(into: [:]) { result, holder in
            result[holder.key] = holder.value.map { role in
                (role: role, foreign: role.size - (own[role.name]?[holder.key.service] ?? 0))
            }.sorted {
                ($0.foreign, $0.role.size, $0.role.name) < ($1.foreign, $1.role.size, $1.role.name)
            }.map(\.role)
        }
    }
}

extension Permission {
    /// `batch` in `batch.jobs.create`.
    fileprivate var service: Substring { name.prefix { $0 != "." } }
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
