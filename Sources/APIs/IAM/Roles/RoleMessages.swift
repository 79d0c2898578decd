import Access
import FoundationEssentials
import Schema

extension Google_Iam_Admin_V1_Role {
    /// The etag of a role that never changes: `AA==`.
    private static let constantEtag = Data([0])

    /// A predefined role as clients see it.
    init(_ role: Role, view: Google_Iam_Admin_V1_RoleView) {
        self.init()
        name = role.name
        title = role.title
        description_p = role.about
        stage = .init(role.stage)
        etag = Self.constantEtag
        if view == .full {
            includedPermissions = role.permissions.map { PermissionTable.known[$0].permission.name }.sorted()
        }
    }

    /// A custom role as clients see it.
    init(_ role: CustomRole, view: Google_Iam_Admin_V1_RoleView) {
        self.init()
        name = role.name.text
        title = role.title
        description_p = role.about
        stage = .init(role.stage)
        etag = role.etag
        deleted = role.deletedAt != nil
        if view == .full { includedPermissions = role.permissions.map(\.name) }
    }

    /// What a request says of a role. On the wire a text that is empty, a list that is, and the stage alpha cannot be
    /// told from one that is not said.
    var fields: CustomRoleFields {
        CustomRoleFields(
            title: title.isEmpty ? nil : title, about: description_p.isEmpty ? nil : description_p,
            stage: LaunchStage(stage),
            permissions: includedPermissions.isEmpty ? nil : includedPermissions.map { Permission($0) })
    }
}

extension Google_Iam_Admin_V1_Role.RoleLaunchStage {
    fileprivate init(_ stage: LaunchStage) {
        switch stage {
        case .alpha: self = .alpha
        case .beta: self = .beta
        case .generalAvailability: self = .ga
        case .deprecated: self = .deprecated
        case .disabled: self = .disabled
        case .earlyAccess: self = .eap
        }
    }
}

extension LaunchStage {
    /// Nil for alpha, which is what the wire has for a stage that is not said.
    fileprivate init?(_ stage: Google_Iam_Admin_V1_Role.RoleLaunchStage) {
        switch stage {
        case .beta: self = .beta
        case .ga: self = .generalAvailability
        case .deprecated: self = .deprecated
        case .disabled: self = .disabled
        case .eap: self = .earlyAccess
        case .alpha, .UNRECOGNIZED: return nil
        }
    }
}
