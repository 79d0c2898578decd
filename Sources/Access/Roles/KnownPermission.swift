/// A permission of the catalogue, with what is to be known about it.
public struct KnownPermission: Hashable, Sendable {
    /// Its number.
    public let id: PermissionID
    /// Its name.
    public let permission: Permission
    /// The types of resource whose policies can grant it.
    public let grantableOn: Set<ResourceType>
    /// Whether custom roles may contain it.
    public let customRoles: CustomRoleSupport

    /// The public data tells no permission's stage: all count as generally available.
    public var stage: LaunchStage { .generalAvailability }

    /// A few words for people: `Create jobs`.
    public var title: String {
        let text = (Self.words(permission.verb) + Self.words(permission.ownResource)).joined(separator: " ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    /// `getIamPolicy` as `get iam policy`.
    private static func words(_ name: Substring) -> [String] {
        name.reduce(into: []) { words, character in
            if words.isEmpty || character.isUppercase {
                words.append(character.lowercased())
            } else {
                words[words.count - 1].append(character)
            }
        }
    }
}

/// Whether custom roles may contain a permission, by the name that the IAM API gives it.
public enum CustomRoleSupport: String, Hashable, Sendable {
    case supported = "SUPPORTED"
    /// They may, though it may not work.
    case testing = "TESTING"
    case notSupported = "NOT_SUPPORTED"
}
