import Access
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
