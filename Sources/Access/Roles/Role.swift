/// A named set of permissions that can be granted. It never changes: all who look at it share one.
public final class Role: Sendable {
    /// `roles/batch.jobsEditor`, or `projects/demo/roles/etl` for a custom role.
    public let name: String
    /// `Batch Job Editor`.
    public let title: String
    /// What it lets one do, in a sentence.
    public let about: String
    /// How far it is on its way into the world.
    public let stage: LaunchStage
    /// What it grants: nothing when it is a custom role that is disabled or deleted.
    public let permissions: PermissionSet
    /// How many permissions of other services it has in Google Cloud, none of which Landfall knows.
    public let permissionsElsewhere: Int
    /// The types of resource whose policies can grant it.
    public let types: Set<ResourceType>
    /// The project or organization of a custom role; nil for a predefined one.
    public let parent: CustomRole.Parent?
    /// Whether it is a custom role that is deleted: bindings may keep it, and new ones may not have it.
    public let isDeleted: Bool
    /// How many permissions let one do more than look: its own, and all elsewhere since one of them might.
    let power: Int

    init(
        name: String, title: String, about: String, stage: LaunchStage = .generalAvailability,
        permissions: PermissionSet, permissionsElsewhere: Int = 0, types: Set<ResourceType>,
        parent: CustomRole.Parent? = nil, isDeleted: Bool = false, table: PermissionTable = .known
    ) {
        self.name = name
        self.title = title
        self.about = about
        self.stage = stage
        self.permissions = permissions
        self.permissionsElsewhere = permissionsElsewhere
        self.types = types
        self.parent = parent
        self.isDeleted = isDeleted
        power = permissions.count(sharedWith: table.changing) + permissionsElsewhere
    }

    /// Whether it grants a permission: a look at one word.
    public func contains(_ permission: PermissionID) -> Bool { permissions.contains(permission) }

    /// Whether it grants a permission; false for one that nobody knows.
    public func contains(_ permission: Permission) -> Bool { permissions.contains(permission) }

    /// How many permissions it has on all of Google Cloud: how much a grant of it gives.
    public var size: Int { permissions.count + permissionsElsewhere }

    /// Whether it is owner, editor or viewer, which no condition can be put on.
    public var isBasic: Bool { Self.basicNames.contains(name) }

    /// Whether it is meant for an account that a service made for itself, and for nobody else.
    public var isForServiceAgent: Bool { parent == nil && name.hasSuffix("erviceAgent") }

    /// The kinds of resource whose policies can grant it.
    public var grantableOn: Set<Resource.Kind> {
        var kinds: Set<Resource.Kind> = []
        if types.contains(.organization) { kinds.insert(.organization) }
        if types.contains(.folder) { kinds.insert(.folder) }
        if types.contains(.project) { kinds.insert(.project) }
        if types.contains(.serviceAccount) { kinds.insert(.serviceAccount) }
        return kinds
    }

    private static let basicNames: Set<String> = ["roles/owner", "roles/editor", "roles/viewer"]
}
