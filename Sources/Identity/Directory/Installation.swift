import Access
import Directory
import FoundationEssentials

/// What an installation starts with: one organization, one project in it, and an owner.
public struct Installation: Hashable, Sendable {
    /// The organization, named after the domain of the owner's e-mail address.
    public var organization: OrganizationRecord
    /// The project that `landfall up` was given.
    public var project: ProjectRecord

    /// The services that the first project has enabled: all that its jobs need.
    public static let defaultServices: Set = [
        "artifactregistry.googleapis.com", "batch.googleapis.com", "cloudresourcemanager.googleapis.com",
        "compute.googleapis.com", "iam.googleapis.com", "iamcredentials.googleapis.com", "logging.googleapis.com",
        "oslogin.googleapis.com", "run.googleapis.com", "secretmanager.googleapis.com", "serviceusage.googleapis.com",
    ]

    /// Opens the installation of a directory, and makes what is missing of it.
    ///
    /// On the first start the owner gets `roles/resourcemanager.organizationAdmin` on the organization and
    /// `roles/owner` on the project; everyone of the organization's domain gets
    /// `roles/resourcemanager.projectCreator`, as in a new organization of Google's. A policy that was ever written is
    /// left as it is, so that a later start gives nobody a role that was taken from them. A start that was interrupted
    /// is completed by the next one.
    ///
    /// - Parameters:
    ///   - owner: e-mail address of a person.
    ///   - project: id of the project, 4 to 30 characters.
    /// - Throws: `InstallationError` for a wrong address or id.
    public static func open(
        owner: String, project id: String, in directory: Directory, now: Date = Date()
    ) async throws -> Installation {
        guard let owner = EmailAddress.canonical(owner) else { throw InstallationError.invalidOwner(owner) }
        try check(project: id)
        return try await directory.change { draft in
            let organization = try organization(of: owner, in: &draft, now: now)
            if let existing = draft.state.project(id) {
                return Installation(organization: organization, project: existing)
            }
            let project = NewProject(
                id: id, displayName: id, parent: organization.resource, owner: .user(owner),
                services: defaultServices, createdAt: now)
            return Installation(organization: organization, project: try project.insert(into: &draft))
        }
    }

    /// Id of the oldest project that is not to be deleted; nil before there is one.
    public static func firstProject(in state: DirectoryState) -> String? {
        state.projects.all.filter(\.isActive).min { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }?.id
    }

    /// Checks what a server is told on its first start, before anything is made of it.
    ///
    /// - Throws: `InstallationError` for a wrong address or id.
    public static func check(owner: String) throws {
        guard EmailAddress.canonical(owner) != nil else { throw InstallationError.invalidOwner(owner) }
    }

    /// The same for the id of the project.
    public static func check(project id: String) throws {
        // Google's rule for ids, except that four characters are enough: `demo`.
        guard ProjectID.isWellFormed(id, lengths: 4...30) else { throw InstallationError.invalidProject(id) }
    }

    private static func organization(
        of owner: String, in draft: inout DirectoryDraft, now: Date
    ) throws -> OrganizationRecord {
        let organization =
            draft.state.organizations.sorted.first
            ?? OrganizationRecord(
                number: ResourceNumber.random(), domain: EmailAddress.domain(of: owner), createdAt: now)
        if draft.state.organizations.count == 0 {
            try draft.put(organization)
            // As in every organization of Google's since 2024.
            try draft.put(
                OrganizationPolicyRecord(
                    OrganizationPolicy(
                        .automaticIamGrantsForDefaultServiceAccounts, rules: [.init(.enforce(true))]),
                    on: organization.resource, updatedAt: now))
        }
        if draft.state.policy(of: organization.resource).etag.isEmpty {
            let bindings = [
                Binding(role: "roles/resourcemanager.organizationAdmin", members: ["user:\(owner)"]),
                Binding(role: "roles/resourcemanager.projectCreator", members: ["domain:\(organization.domain)"]),
            ]
            try draft.setPolicy(Policy(bindings: bindings), of: organization.resource)
        }
        return organization
    }
}

/// Why an installation cannot be made.
public enum InstallationError: Error, Hashable, Sendable, CustomStringConvertible {
    case invalidOwner(String)
    case invalidProject(String)

    /// One sentence for people.
    public var description: String {
        switch self {
        case .invalidOwner(let text):
            "'\(text)' is not an e-mail address: the owner is named by one, such as alice@example.com"
        case .invalidProject(let text):
            "'\(text)' is not a project id: 4 to 30 lower-case letters, digits and hyphens, beginning with a letter "
                + "and not ending with a hyphen"
        }
    }
}
