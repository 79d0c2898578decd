/// Something that an organization can forbid whatever its policies grant.
public struct Constraint: Hashable, Sendable {
    /// How a constraint is set, and what holds where nobody has set it.
    public enum Kind: Hashable, Sendable {
        /// Enforced or not.
        case boolean(isEnforcedByDefault: Bool)
        /// Values that are allowed or denied.
        case list(allowsByDefault: Bool)
    }

    /// `iam.disableServiceAccountCreation`, without the `constraints/` that Resource Manager's first version adds.
    public let name: String
    /// What it says, for people.
    public let title: String
    /// How it is set.
    public let kind: Kind

    /// Service accounts of a project can be attached only to what lies in it.
    public static let disableCrossProjectServiceAccountUsage = Constraint(
        name: "iam.disableCrossProjectServiceAccountUsage",
        title: "Keep service accounts to their own project", kind: .boolean(isEnforcedByDefault: true))
    /// No keys can be made for service accounts.
    public static let disableServiceAccountKeyCreation = Constraint(
        name: "iam.disableServiceAccountKeyCreation",
        title: "Make no keys of service accounts", kind: .boolean(isEnforcedByDefault: false))
    /// No service accounts can be made.
    public static let disableServiceAccountCreation = Constraint(
        name: "iam.disableServiceAccountCreation",
        title: "Make no service accounts", kind: .boolean(isEnforcedByDefault: false))
    /// Default service accounts get no role on their project.
    public static let automaticIamGrantsForDefaultServiceAccounts = Constraint(
        name: "iam.automaticIamGrantsForDefaultServiceAccounts",
        title: "Grant nothing to default service accounts", kind: .boolean(isEnforcedByDefault: false))
    /// Members of policies must be of these customers.
    public static let allowedPolicyMemberDomains = Constraint(
        name: "iam.allowedPolicyMemberDomains",
        title: "Customers whose people policies may name", kind: .list(allowsByDefault: true))
    /// Service accounts whose access tokens may live twelve hours.
    public static let allowServiceAccountCredentialLifetimeExtension = Constraint(
        name: "iam.allowServiceAccountCredentialLifetimeExtension",
        title: "Service accounts with tokens of up to twelve hours", kind: .list(allowsByDefault: false))

    /// Those that are obeyed here, by name.
    public static let all: [Constraint] = [
        .allowServiceAccountCredentialLifetimeExtension, .allowedPolicyMemberDomains,
        .automaticIamGrantsForDefaultServiceAccounts, .disableCrossProjectServiceAccountUsage,
        .disableServiceAccountCreation, .disableServiceAccountKeyCreation,
    ]

    /// The constraint of a name, with or without `constraints/`.
    public static func named(_ name: String) -> Constraint? {
        let prefix = "constraints/"
        let bare = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
        return all.first { $0.name == bare }
    }
}
