/// Where a policy is to be bound.
public struct PolicySite: Sendable {
    /// What it is bound to.
    public var resource: Resource
    /// The resource and all above it: custom roles of these can be granted.
    public var holders: [Resource]
    /// The policy that is there now.
    public var current: Policy
    private let named: Set<String>

    /// Describes a site.
    ///
    /// - Parameter holders: empty for the resource and its project.
    public init(_ resource: Resource, holders: [Resource] = [], current: Policy = Policy()) {
        self.resource = resource
        self.holders = holders.isEmpty ? [resource] + (resource.project.map { [.project($0)] } ?? []) : holders
        self.current = current
        named = Set(current.bindings.flatMap(\.members))
    }

    /// Whether the policy that is there now names a member.
    func names(_ member: Member) -> Bool { named.contains(member.text) }
}

/// Bindings with those of the same role and condition put together.
struct MergedBindings {
    private struct Key: Hashable {
        let role: String
        let condition: PolicyCondition?
    }

    private var order: [Key] = []
    private var members: [Key: [String]] = [:]
    private var seen: [Key: Set<String>] = [:]
    private var current = Key(role: "", condition: nil)

    /// What follows belongs to this role and condition.
    mutating func open(role: String, condition: PolicyCondition?) {
        current = Key(role: role, condition: condition)
        if seen[current] == nil {
            order.append(current)
            seen[current] = []
        }
    }

    mutating func add(_ member: String) {
        if seen[current, default: []].insert(member).inserted { members[current, default: []].append(member) }
    }

    /// In the order in which they were opened; none without members.
    var bindings: [Binding] {
        order.compactMap { key in members[key].map { Binding(role: key.role, members: $0, condition: key.condition) } }
    }
}
