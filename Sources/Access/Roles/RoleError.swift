/// Why a call about roles is refused.
public struct RoleError: Error, Hashable, Sendable {
    /// The class of the refusal, which gives its code on the wire.
    public enum Reason: Hashable, Sendable {
        case invalidArgument
        case notFound
        case alreadyExists
        case failedPrecondition
        /// A write that depends on an etag that is no longer the role's.
        case aborted
        case resourceExhausted
    }

    /// The class of the refusal.
    public var reason: Reason
    /// One sentence or two for people.
    public var message: String
    /// Path of what is wrong, such as `role.title`; empty when it is no single field.
    public var field: String

    /// Makes an error of its parts.
    public init(_ reason: Reason, _ message: String, field: String = "") {
        self.reason = reason
        self.message = message
        self.field = field
    }
}

extension RoleError {
    /// No role of this name, predefined or custom.
    public static func notFound(_ name: String) -> RoleError {
        RoleError(.notFound, "The role named \(name.prefix(300)) was not found.")
    }

    static func malformedID(_ id: String) -> RoleError {
        RoleError(
            .invalidArgument,
            "The role_id \"\(id.prefix(100))\" is not valid: 3 to 64 letters, digits, underscores and dots.",
            field: "role_id")
    }

    static func exists(_ name: CustomRole.Name) -> RoleError {
        RoleError(.alreadyExists, "A role named \(name.id) in \(name.parent.path) already exists.", field: "role_id")
    }

    static func nameKept(_ name: CustomRole.Name) -> RoleError {
        RoleError(
            .failedPrecondition,
            "You can't create a role with role_id (\(name.id)) where there is an existing role with that role_id in a "
                + "deleted state.",
            field: "role_id")
    }

    static let tooManyRoles = RoleError(
        .resourceExhausted, "Maximum number of roles reached. Maximum is: \(CustomRoleRules.maximumRoles)")

    static let stale = RoleError(
        .aborted,
        "There were concurrent changes of the role. Please retry the whole read-modify-write with exponential backoff.")

    static func changeOfDeleted(_ name: CustomRole.Name) -> RoleError {
        RoleError(.failedPrecondition, "You can't update role_id (\(name.text)) as it is deleted. Undelete it first.")
    }

    static func alreadyDeleted(_ name: CustomRole.Name) -> RoleError {
        RoleError(.failedPrecondition, "You can't delete role_id (\(name.text)) as it is already deleted.")
    }

    static func notDeleted(_ name: CustomRole.Name) -> RoleError {
        RoleError(.failedPrecondition, "You can't undelete role_id (\(name.text)) as it is not deleted.")
    }

    static func unknownField(_ path: String) -> RoleError {
        RoleError(
            .invalidArgument,
            "\"\(path.prefix(100))\" cannot be updated: title, description, included_permissions and stage can.",
            field: "update_mask")
    }
}

/// What is wrong with what a role is to be.
extension RoleError {
    static func tooLong(_ field: String, _ maximum: Int) -> RoleError {
        RoleError(.invalidArgument, "The role's \(field) is longer than \(maximum) bytes.", field: "role.\(field)")
    }

    static func tooManyPermissions(_ count: Int) -> RoleError {
        RoleError(
            .invalidArgument,
            "The role has \(count) permissions; the maximum is \(CustomRoleRules.maximumPermissions).",
            field: "role.included_permissions")
    }

    static func tooLarge(_ size: Int) -> RoleError {
        RoleError(
            .invalidArgument,
            "The role's title, description and permissions have \(size) bytes together; the maximum is "
                + "\(CustomRoleRules.maximumSize).",
            field: "role")
    }

    static func invalidPermission(_ permission: Permission) -> RoleError {
        RoleError(
            .invalidArgument, "Permission \(permission.name.prefix(200)) is not valid.",
            field: "role.included_permissions")
    }

    /// It may well exist in Google Cloud: the text tells that from a mistake.
    static func unknownService(of permission: Permission) -> RoleError {
        RoleError(
            .invalidArgument,
            "Permission \(permission.name.prefix(200)) is not valid. Landfall knows no permissions of this service.",
            field: "role.included_permissions")
    }

    static func unsupportedPermission(_ permission: Permission) -> RoleError {
        RoleError(
            .invalidArgument, "Permission \(permission.name) is not supported in custom roles.",
            field: "role.included_permissions")
    }
}
