import Access
import FoundationEssentials

/// A deny policy, attached to an organization, a folder or a project.
public struct DenyPolicyRecord: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "denyPolicy"
    /// Where a state has such records.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.denyPolicies }

    /// What it is attached to, with the project's id.
    public var resource: Resource
    /// The policy, with its etag.
    public var policy: DenyPolicy
    /// 36 characters, never given out twice.
    public var uid: String
    /// What clients keep with it.
    public var annotations: [String: String]
    /// When it was made.
    public var createdAt: Date
    /// When it was last changed.
    public var updatedAt: Date

    /// Makes a record of a new policy.
    public init(
        _ policy: DenyPolicy, on resource: Resource, uid: String, annotations: [String: String] = [:], createdAt: Date
    ) {
        self.resource = resource
        self.policy = policy
        self.uid = uid
        self.annotations = annotations
        self.createdAt = createdAt
        updatedAt = createdAt
    }

    /// What it is kept by.
    public var key: String { Self.key(on: resource, policy.id) }

    /// The key of the policy of an id on a resource.
    public static func key(on resource: Resource, _ id: String) -> String { "\(resource.fullName) \(id)" }

    /// Makes decisions obey it.
    public static func apply(_ old: Self?, _ new: Self?, to access: inout AccessIndex) throws {
        guard let record = new ?? old else { return }
        var policies = access.denyPolicies(on: record.resource)
        policies.removeAll { $0.id == record.policy.id }
        if let new { policies.append(new.policy) }
        access.setDenyPolicies(policies.sorted { $0.id < $1.id }, on: record.resource)
    }
}
