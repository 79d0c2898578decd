import Access
import FoundationEssentials

/// What is set for one constraint on an organization, a folder or a project.
public struct OrganizationPolicyRecord: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "organizationPolicy"
    /// Where a state has such records.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.organizationPolicies }

    /// What it is set on, with the project's id.
    public var resource: Resource
    /// What is set, with its etag.
    public var policy: OrganizationPolicy
    /// When it was last changed.
    public var updatedAt: Date

    /// Makes a record of a policy, to which it gives a new etag.
    public init(_ policy: OrganizationPolicy, on resource: Resource, updatedAt: Date) {
        self.resource = resource
        self.policy = policy
        self.updatedAt = updatedAt
        self.policy.etag = Etag.random()
    }

    /// What it is kept by.
    public var key: String { Self.key(of: policy.constraint, on: resource) }

    /// The key of what is set for a constraint on a resource.
    public static func key(of constraint: String, on resource: Resource) -> String {
        "\(resource.fullName) \(constraint)"
    }

    /// Makes decisions obey it.
    public static func apply(_ old: Self?, _ new: Self?, to access: inout AccessIndex) throws {
        guard let record = new ?? old, let constraint = Constraint.named(record.policy.constraint) else { return }
        access.setOrganizationPolicy(new?.policy, for: constraint, on: record.resource)
    }
}
