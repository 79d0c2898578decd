import Access
import Federation
import Methods
import PolicyAPI

/// The two sorts of pools: of programs, in a project, and of people, in an organization.
enum PoolFamily: Sendable {
    case workload
    case workforce

    /// The gRPC service that its methods belong to.
    var methods: String {
        switch self {
        case .workload: "google.iam.v1.WorkloadIdentityPools"
        case .workforce: "google.iam.admin.v1.WorkforcePools"
        }
    }

    /// What pools are called in names: `workloadIdentityPools`.
    var collection: String {
        switch self {
        case .workload: "workloadIdentityPools"
        case .workforce: "workforcePools"
        }
    }

    /// What people call a pool.
    var title: String {
        switch self {
        case .workload: "workload identity pool"
        case .workforce: "workforce pool"
        }
    }

    /// Where requests have a pool; a provider's is `PROVIDER_provider`.
    var field: String {
        switch self {
        case .workload: "workload_identity_pool"
        case .workforce: "workforce_pool"
        }
    }

    /// The REST path of a pool, for a variable of a request.
    func path(_ variable: String = "name") -> String {
        switch self {
        case .workload: "/v1/{\(variable)=projects/*/locations/*/workloadIdentityPools/*}"
        case .workforce: "/v1/{\(variable)=locations/*/workforcePools/*}"
        }
    }

    /// The REST path of a provider.
    func providerPath(_ variable: String = "name") -> String { path(variable).dropLast() + "/providers/*}" }

    /// The permission to do something with a pool.
    func permission(_ verb: String) -> Permission { Permission("iam.googleapis.com/\(collection).\(verb)") }

    /// The permission to do something with a provider.
    func providerPermission(_ verb: String) -> Permission {
        Permission("iam.googleapis.com/\(collection.dropLast())Providers.\(verb)")
    }

    /// For how long tokens may be good, in seconds (IAM's reference of `sessionDuration`).
    var sessions: ClosedRange<Int64> {
        switch self {
        case .workload: 120...43_200
        case .workforce: 900...43_200
        }
    }

    /// Checks the id of a new pool.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    func check(id: String) throws {
        switch self {
        case .workload: try PoolRules.check(id: id, of: title, field: "\(field)_id")
        case .workforce:
            guard ProviderRules.isWorkforceID(id) else {
                throw ServiceError.invalidArgument(
                    "'\(id.prefix(100))' is not the id of a workforce pool: 6 to 63 lower-case letters, digits and "
                        + "hyphens, with a letter first, no hyphen last, and not gcp- at the beginning.",
                    field: "\(field)_id")
            }
        }
    }

    /// How clients call the methods of its policies.
    var policyRows: PolicyMethods.Rows {
        PolicyMethods.Rows(
            methods, at: path("resource"), permissions: "iam.googleapis.com/\(collection)",
            resource: { try PoolName($0, self, field: "resource").resource })
    }
}
