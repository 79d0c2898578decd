import Access
import FoundationEssentials
import Store

/// What an installation starts with: one organization, one project in it, and an owner.
public struct Installation: Hashable, Sendable {
    /// The organization, named after the domain of the owner's e-mail address.
    public var organization: OrganizationRecord
    /// The project that `landfall up` was given.
    public var project: ProjectRecord

    /// The services that a new project has enabled.
    public static let defaultServices = [
        "batch.googleapis.com", "cloudresourcemanager.googleapis.com", "compute.googleapis.com", "iam.googleapis.com",
        "logging.googleapis.com", "oslogin.googleapis.com", "serviceusage.googleapis.com",
    ]

    /// Opens the installation of a directory, and makes what is missing of it.
    ///
    /// On the first start the owner gets `roles/resourcemanager.organizationAdmin` on the organization and
    /// `roles/owner` on the project. A policy that was ever written is left as it is, so that a later start gives
    /// nobody a role that was taken from them. A start that was interrupted is completed by the next one.
    ///
    /// - Parameters:
    ///   - owner: e-mail address of a person.
    ///   - project: id of the project, 4 to 30 characters.
    /// - Throws: `InstallationError` for a wrong address or id.
    public static func open(
        owner: String, project id: String, in directory: any DirectoryStore, now: Date = Date()
    ) async throws -> Installation {
        guard let owner = EmailAddress.canonical(owner) else { throw InstallationError.invalidOwner(owner) }
        guard isProjectID(id) else { throw InstallationError.invalidProject(id) }
        let administrator = Binding(role: "roles/resourcemanager.organizationAdmin", members: ["user:\(owner)"])
        let organization = try await organization(domain: EmailAddress.domain(of: owner), in: directory, now: now)
        try await setFirst(administrator, of: .organization(organization.number), in: directory)

        let project = try await self.project(id, in: organization, directory, now: now)
        if try await directory.policy(of: .project(id)).etag.isEmpty {
            for service in defaultServices {
                try await directory.setService(service, enabled: true, project: id)
            }
            // Last of all: it says that the project is complete.
            let ownership = Binding(role: "roles/owner", members: ["user:\(owner)"])
            try await setFirst(ownership, of: .project(id), in: directory)
        }
        return Installation(organization: organization, project: project)
    }

    private static func organization(
        domain: String, in directory: any DirectoryStore, now: Date
    ) async throws -> OrganizationRecord {
        if let existing = try await directory.organizations().first { return existing }
        let organization = OrganizationRecord(number: newNumber(), domain: domain, createdAt: now)
        try await directory.insertOrganization(organization)
        return organization
    }

    private static func project(
        _ id: String, in organization: OrganizationRecord, _ directory: any DirectoryStore, now: Date
    ) async throws -> ProjectRecord {
        if let existing = try await directory.project(id) { return existing }
        let project = ProjectRecord(
            id: id, number: newNumber(), displayName: id, parent: .organization(organization.number), createdAt: now)
        try await directory.insertProject(project)
        return project
    }

    private static func setFirst(
        _ binding: Binding, of resource: Resource, in directory: any DirectoryStore
    ) async throws {
        guard try await directory.policy(of: resource).etag.isEmpty else { return }
        _ = try await directory.setPolicy([binding], of: resource, ifMatches: Data())
    }

    /// Twelve digits, as clients expect of the numbers of projects and organizations.
    private static func newNumber() -> String {
        String(Int.random(in: 100_000_000_000...999_999_999_999))
    }

    /// Google's rule for ids, except that four characters are enough: `demo`.
    private static func isProjectID(_ id: String) -> Bool {
        let bytes = Array(id.utf8)
        let lower = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard (4...30).contains(bytes.count), let first = bytes.first, let last = bytes.last else { return false }
        return lower.contains(first) && last != UInt8(ascii: "-")
            && bytes.allSatisfy { lower.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-") }
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
