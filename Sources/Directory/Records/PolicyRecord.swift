import Access
import FoundationEssentials

/// The allow policy of one resource.
public struct PolicyRecord: DirectoryRecord {
    /// What it is called on disk.
    public static let kind = "policy"
    /// Where a state has such records.
    public static var table: WritableKeyPath<DirectoryState, Table<Self>> & Sendable { \.policies }

    /// What it is bound to, with its project's id.
    public var resource: Resource
    /// The policy, with its etag.
    public var policy: Policy

    /// Makes a record of its parts.
    public init(_ policy: Policy, of resource: Resource) {
        self.resource = resource
        self.policy = policy
    }

    /// What it is kept by.
    public var key: String { resource.fullName }

    /// Makes decisions obey it.
    public static func apply(_ old: Self?, _ new: Self?, to access: inout AccessIndex) throws {
        if let resource = (new ?? old)?.resource { access.setPolicy(new?.policy, of: resource) }
    }
}

extension DirectoryDraft {
    /// Replaces the policy of a resource and gives it a new etag.
    ///
    /// - Parameters:
    ///   - resource: with its project's id.
    ///   - etag: what the caller read; nil writes over whatever is there.
    /// - Returns: the policy as it is now.
    /// - Throws: `DirectoryError.conflict` when it has changed since.
    @discardableResult
    public mutating func setPolicy(
        _ policy: Policy, of resource: Resource, ifMatches etag: Data? = nil
    ) throws -> Policy {
        if let etag, etag != state.policy(of: resource).etag { throw DirectoryError.conflict }
        var policy = policy
        policy.etag = Etag.random()
        try put(PolicyRecord(policy, of: resource))
        return policy
    }
}
