/// What a request says of a custom role; nil for what it does not say.
public struct CustomRoleFields: Hashable, Sendable {
    /// For people.
    public var title: String?
    /// What it is for.
    public var about: String?
    /// How far it is on its way into the world.
    public var stage: LaunchStage?
    /// What it grants, in any order.
    public var permissions: [Permission]?

    /// Fields with these values.
    public init(
        title: String? = nil, about: String? = nil, stage: LaunchStage? = nil, permissions: [Permission]? = nil
    ) {
        self.title = title
        self.about = about
        self.stage = stage
        self.permissions = permissions
    }

    /// The fields that an update mask names; all that are given when there is no mask.
    ///
    /// A field that the mask names and the request does not give becomes empty, which for the stage is alpha: on the
    /// wire the two are one.
    ///
    /// - Parameter mask: paths such as `title` and `included_permissions`; nil or empty for no mask. `name` and `etag`
    ///   may be among them and change nothing.
    /// - Throws: `RoleError` for a path that is no field, or that nobody can set.
    public func masked(by mask: [String]?) throws(RoleError) -> CustomRoleFields {
        guard let mask, !mask.isEmpty else { return self }
        var fields = CustomRoleFields()
        for path in mask {
            switch path {
            case "title": fields.title = title ?? ""
            case "description": fields.about = about ?? ""
            case "stage": fields.stage = stage ?? .alpha
            case "included_permissions", "includedPermissions": fields.permissions = permissions ?? []
            case "name", "etag": break
            default: throw .unknownField(path)
            }
        }
        return fields
    }
}
