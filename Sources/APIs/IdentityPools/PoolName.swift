import Access
import Directory
import FoundationEssentials
import Methods

/// A pool as a request names it: `projects/P/locations/global/workloadIdentityPools/ci`, where P is an id or a number, or
/// `locations/global/workforcePools/staff`.
struct PoolName: Sendable {
    /// As it was written.
    let text: String
    /// What access is checked on.
    let resource: Resource

    /// Reads a name.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    init(_ text: String, _ family: PoolFamily, field: String) throws {
        self.text = text
        switch (family, Resource(service: IdentityPoolsAPI.service, path: text)) {
        case (.workload, .workloadIdentityPool(let id, let project)?):
            resource = .workloadIdentityPool(id, project: project)
        case (.workforce, .workforcePool(let id)?): resource = .workforcePool(id)
        default:
            throw ServiceError.invalidArgument(
                "'\(text.prefix(300))' is not the name of a \(family.title): \(Self.form(of: family)).", field: field)
        }
    }

    private static func form(of family: PoolFamily) -> String {
        switch family {
        case .workload: "projects/PROJECT/locations/global/workloadIdentityPools/POOL"
        case .workforce: "locations/global/workforcePools/POOL"
        }
    }
}

/// A provider as a request names it: the name of its pool, and `/providers/login`.
struct ProviderReference: Sendable {
    /// As it was written.
    let text: String
    let pool: PoolName
    /// Its id within the pool.
    let id: String

    /// Reads a name.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    init(_ text: String, _ family: PoolFamily, field: String) throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count > 2, parts[parts.count - 2] == "providers", parts[parts.count - 1] != "" else {
            throw ServiceError.invalidArgument(
                "'\(text.prefix(300))' is not the name of a provider: that of a \(family.title), and /providers/PROVIDER.",
                field: field)
        }
        self.text = text
        pool = try PoolName(parts.dropLast(2).joined(separator: "/"), family, field: field)
        id = String(parts[parts.count - 1])
    }

    /// What access is checked on: a workforce pool's providers have no resource of their own here.
    var resource: Resource {
        guard case .workloadIdentityPool(_, let project) = pool.resource else { return pool.resource }
        return .other(service: IdentityPoolsAPI.service, path: text, project: project)
    }
}

/// What pools lie in: `projects/P/locations/global`, or the organization beside `locations/global`.
enum PoolParent {
    /// The location of a project.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    static func location(_ text: String, field: String = "parent") throws -> Resource {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "projects", parts[1] != "", parts[2] == "locations", parts[3] == "global"
        else {
            throw ServiceError.invalidArgument(
                "'\(text.prefix(300))' must be of the form projects/PROJECT/locations/global.", field: field)
        }
        return .other(service: IdentityPoolsAPI.service, path: text, project: String(parts[1]))
    }

    /// An organization.
    ///
    /// - Parameter location: must be `locations/global`.
    /// - Throws: `INVALID_ARGUMENT`
    static func organization(_ text: String, location: String, field: String) throws -> Resource {
        guard location == "locations/global" else {
            throw ServiceError.invalidArgument(
                "'\(location.prefix(300))' must be locations/global: workforce pools have no other location.",
                field: "location")
        }
        let resource = Resource(service: "cloudresourcemanager.googleapis.com", path: text)
        guard case .organization? = resource, let resource else {
            throw ServiceError.invalidArgument(
                "'\(text.prefix(300))' must be of the form organizations/NUMBER.", field: field)
        }
        return resource
    }
}

extension DirectoryState {
    /// The pool of a name, which the caller was found to have access to; also a deleted one that can be undeleted.
    ///
    /// - Throws: `NOT_FOUND`
    func pool(_ name: PoolName, at now: Date) throws -> IdentityPoolRecord {
        guard let pool = identityPool(of: name.resource), pool.isKnown(at: now) else { throw Self.absent(name.text) }
        return pool
    }

    /// The provider of a name, in the same way.
    ///
    /// - Throws: `NOT_FOUND`
    func provider(_ name: ProviderReference, at now: Date) throws -> IdentityProviderRecord {
        let pool = try pool(name.pool, at: now)
        guard let provider = identityProviders["\(pool.key)/providers/\(name.id)"], provider.isKnown(at: now) else {
            throw Self.absent(name.text)
        }
        return provider
    }

    private static func absent(_ name: String) -> ServiceError {
        .notFound("Requested entity was not found: \(name.prefix(300)) does not exist.")
    }
}

extension IdentityPoolRecord {
    /// Whether it is not gone for good.
    func isKnown(at now: Date) -> Bool { expiresAt.map { $0 > now } ?? true }
}

extension IdentityProviderRecord {
    /// Whether it is not gone for good.
    func isKnown(at now: Date) -> Bool { expiresAt.map { $0 > now } ?? true }
}
