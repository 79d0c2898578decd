import FoundationEssentials

/// A role that a project or an organization made for itself.
///
/// `CustomRoleRules` makes and changes them; what it hands out keeps all rules.
public struct CustomRole: Hashable, Sendable, Codable {
    /// What it is known by. Names of deleted roles are kept for a while: see `Standing`.
    public let name: Name
    /// At most 100 bytes.
    public internal(set) var title: String
    /// At most 300 bytes.
    public internal(set) var about: String
    /// A disabled role grants nothing.
    public internal(set) var stage: LaunchStage
    /// By name, without duplicates.
    public internal(set) var permissions: [Permission]
    /// Changes with every write; what a write can be made to depend on.
    public internal(set) var etag: Data
    /// When it was deleted, unless it is in use.
    public internal(set) var deletedAt: Date?

    /// A role as it was stored.
    public init(
        name: Name, title: String, about: String, stage: LaunchStage, permissions: [Permission], etag: Data,
        deletedAt: Date? = nil
    ) {
        self.name = name
        self.title = title
        self.about = about
        self.stage = stage
        self.permissions = permissions
        self.etag = etag
        self.deletedAt = deletedAt
    }

    /// What it grants, as the catalog has it: nothing while it is disabled or deleted. A permission that this version
    /// does not know is left out.
    public var role: Role {
        let known = PermissionSet(permissions.lazy.compactMap { PermissionTable.known.id(of: $0) })
        var types = PermissionTable.known.types(for: known)
        if case .project = name.parent { types.subtract([.organization, .folder]) }
        let grantsNothing = stage == .disabled || deletedAt != nil
        return Role(
            name: name.text, title: title, about: about, stage: stage,
            permissions: grantsNothing ? PermissionSet() : known, types: types, parent: name.parent,
            isDeleted: deletedAt != nil)
    }
}

extension CustomRole {
    /// What a custom role belongs to: it can be granted there and below, and nowhere else.
    public enum Parent: Hashable, Sendable {
        /// By id.
        case project(String)
        /// By number.
        case organization(String)

        /// `projects/demo`.
        public var path: String {
            switch self {
            case .project(let id): "projects/\(id)"
            case .organization(let number): "organizations/\(number)"
            }
        }
    }

    /// The name of a custom role: `projects/demo/roles/etl`.
    public struct Name: Hashable, Sendable {
        /// What the role belongs to.
        public let parent: Parent
        /// 3 to 64 letters, digits, underscores and dots, once the rules have accepted it.
        public let id: String

        /// Puts the two together.
        public init(_ parent: Parent, _ id: String) {
            self.parent = parent
            self.id = id
        }

        /// Reads a name; nil when it is not of a custom role.
        public init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 4, parts[2] == "roles", !parts[1].isEmpty, !parts[3].isEmpty else { return nil }
            switch parts[0] {
            case "projects": self.init(.project(parts[1]), parts[3])
            case "organizations": self.init(.organization(parts[1]), parts[3])
            default: return nil
            }
        }

        /// As bindings write it.
        public var text: String { "\(parent.path)/roles/\(id)" }
    }

    /// What has become of a role: a deleted one goes for good in two steps.
    public enum Standing: Hashable, Sendable {
        case active
        /// For seven days: shown on request, and it can be undeleted.
        case deleted
        /// For thirty more: nobody sees it, and no other role can have its name.
        case purging
        /// Its name is free, and it can be forgotten.
        case gone
    }

    /// How long a deleted role can be undeleted, in seconds.
    public static let undeletable: TimeInterval = 7 * 86_400
    /// How long a deleted role keeps its name, in seconds.
    public static let nameKept: TimeInterval = 37 * 86_400

    /// What has become of it by a point in time.
    public func standing(at now: Date) -> Standing {
        guard let deletedAt else { return .active }
        switch now.timeIntervalSince(deletedAt) {
        case ..<Self.undeletable: return .deleted
        case ..<Self.nameKept: return .purging
        default: return .gone
        }
    }
}

/// A name is kept as bindings write it.
extension CustomRole.Name: Codable {
    /// Reads a name.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let name = Self(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no custom role")
        }
        self = name
    }

    /// Writes the name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
