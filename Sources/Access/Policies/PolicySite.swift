/// Where a policy is to be bound.
public struct PolicySite: Sendable {
    /// What it is bound to.
    public var resource: Resource
    /// The resource and all above it: custom roles of these can be granted.
    public var holders: [Resource]
    /// The policy that is there now.
    public let current: Policy
    private let named: Set<String>

    /// Describes a site.
    ///
    /// - Parameter holders: empty for the resource and its project.
    public init(_ resource: Resource, holders: [Resource] = [], current: Policy = Policy()) {
        self.resource = resource
        self.holders = holders.isEmpty ? [resource] + (resource.project.map { [.project($0)] } ?? []) : holders
        self.current = current
        named = Set(current.bindings.lazy.flatMap(\.members))
    }

    /// Whether the policy that is there now names a member.
    func names(_ member: Member) -> Bool { named.contains(member.text) }
}
