import FoundationEssentials

/// How custom roles come about, change and go: `(role, request) → role`, without a clock and without a store.
public struct CustomRoleRules: Sendable {
    /// Custom roles of one project or organization. Deleted ones count until their names are free.
    public static let maximumRoles = 300
    /// Permissions of one role.
    public static let maximumPermissions = 3000
    /// Title, description and the names of all permissions together, in bytes.
    public static let maximumSize = 65_536
    /// In bytes.
    public static let maximumTitle = 100
    /// In bytes.
    public static let maximumAbout = 300

    private let permissions: PermissionTable

    /// Rules for the permissions that Landfall knows.
    public init() { permissions = .known }

    init(permissions: PermissionTable) { self.permissions = permissions }

    /// A new role.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - fields: what it is to be; without a stage it is in alpha.
    ///   - siblings: all custom roles of the same parent, deleted ones too.
    ///   - etag: of this write.
    ///   - now: the time.
    /// - Throws: `RoleError` that says which rule it breaks.
    public func create(
        _ name: CustomRole.Name, _ fields: CustomRoleFields, siblings: [CustomRole], etag: Data, at now: Date
    ) throws(RoleError) -> CustomRole {
        guard Self.isID(name.id) else { throw .malformedID(name.id) }
        switch siblings.first(where: { $0.name == name })?.standing(at: now) {
        case .active?: throw .exists(name)
        case .deleted?, .purging?: throw .nameKept(name)
        case .gone?, nil: break
        }
        guard siblings.count(where: { $0.standing(at: now) != .gone }) < Self.maximumRoles else {
            throw .tooManyRoles
        }
        let role = CustomRole(
            name: name, title: fields.title ?? "", about: fields.about ?? "", stage: fields.stage ?? .alpha,
            permissions: Self.canonical(fields.permissions ?? []), etag: etag)
        try check(role)
        return role
    }

    /// A role after a change.
    ///
    /// - Parameters:
    ///   - role: as it is.
    ///   - fields: what it is to be; the fields that are nil stay.
    ///   - expected: the etag that the role must have; nil for a change that overwrites whatever there is.
    ///   - etag: of this write.
    ///   - now: the time.
    public func patch(
        _ role: CustomRole, _ fields: CustomRoleFields, ifMatches expected: Data?, etag: Data, at now: Date
    ) throws(RoleError) -> CustomRole {
        switch role.standing(at: now) {
        case .active: break
        case .deleted: throw .changeOfDeleted(role.name)
        case .purging, .gone: throw .notFound(role.name.text)
        }
        try Self.compare(role, expected)
        var changed = role
        changed.title = fields.title ?? role.title
        changed.about = fields.about ?? role.about
        changed.stage = fields.stage ?? role.stage
        changed.permissions = fields.permissions.map(Self.canonical) ?? role.permissions
        changed.etag = etag
        try check(changed)
        return changed
    }

    /// A role once it is deleted: bindings keep it and it grants nothing.
    public func delete(
        _ role: CustomRole, ifMatches expected: Data?, etag: Data, at now: Date
    ) throws(RoleError) -> CustomRole {
        switch role.standing(at: now) {
        case .active: break
        case .deleted: throw .alreadyDeleted(role.name)
        case .purging, .gone: throw .notFound(role.name.text)
        }
        try Self.compare(role, expected)
        var deleted = role
        deleted.deletedAt = now
        deleted.etag = etag
        return deleted
    }

    /// A deleted role back in use, as it was: bindings of it grant again.
    public func undelete(
        _ role: CustomRole, ifMatches expected: Data?, etag: Data, at now: Date
    ) throws(RoleError) -> CustomRole {
        switch role.standing(at: now) {
        case .active: throw .notDeleted(role.name)
        case .deleted: break
        case .purging, .gone: throw .notFound(role.name.text)
        }
        try Self.compare(role, expected)
        var restored = role
        restored.deletedAt = nil
        restored.etag = etag
        return restored
    }

    /// The roles that a list shows, by name: those in use, and on request those that can be undeleted.
    public func list(_ roles: [CustomRole], showDeleted: Bool, at now: Date) -> [CustomRole] {
        roles.filter { role in
            switch role.standing(at: now) {
            case .active: true
            case .deleted: showDeleted
            case .purging, .gone: false
            }
        }.sorted { $0.name.text < $1.name.text }
    }

    /// 3 to 64 letters, digits, underscores and dots.
    static func isID(_ id: String) -> Bool {
        (3...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    private static func canonical(_ permissions: [Permission]) -> [Permission] {
        Set(permissions).sorted { $0.name < $1.name }
    }

    private static func compare(_ role: CustomRole, _ expected: Data?) throws(RoleError) {
        guard let expected, !expected.isEmpty, expected != role.etag else { return }
        throw .stale
    }

    private func check(_ role: CustomRole) throws(RoleError) {
        guard role.title.utf8.count <= Self.maximumTitle else { throw .tooLong("title", Self.maximumTitle) }
        guard role.about.utf8.count <= Self.maximumAbout else { throw .tooLong("description", Self.maximumAbout) }
        guard role.permissions.count <= Self.maximumPermissions else {
            throw .tooManyPermissions(role.permissions.count)
        }
        let size = role.permissions.reduce(role.title.utf8.count + role.about.utf8.count) { $0 + $1.name.utf8.count }
        guard size <= Self.maximumSize else { throw .tooLarge(size) }
        for permission in role.permissions { try check(permission, in: role.name.parent) }
    }

    private func check(_ permission: Permission, in parent: CustomRole.Parent) throws(RoleError) {
        guard let known = permissions[permission] else {
            let isStranger = permissions.permissions(ofService: permission.service).isEmpty
            throw isStranger ? .unknownService(of: permission) : .invalidPermission(permission)
        }
        guard known.customRoles != .notSupported else { throw .unsupportedPermission(permission) }
        if case .project = parent, known.grantableOn.isSubset(of: [.organization, .folder]) {
            throw .invalidPermission(permission)
        }
    }
}
