/// Bindings with those of the same role and condition put together, in the order of the first of each.
struct MergedBindings {
    private struct Key: Hashable {
        let role: String
        let condition: PolicyCondition?
    }

    private struct Grant: Hashable {
        let binding: Int
        let member: String
    }

    private var merged: [Binding] = []
    private var places: [Key: Int] = [:]
    private var grants: Set<Grant> = []
    private var current = 0

    /// What follows belongs to this role and condition.
    mutating func open(role: String, condition: PolicyCondition?) {
        let key = Key(role: role, condition: condition)
        current = places[key] ?? merged.endIndex
        guard current == merged.endIndex else { return }
        places[key] = current
        merged.append(Binding(role: role, members: [], condition: condition))
    }

    /// Adds a member, once.
    mutating func add(_ member: String) {
        if grants.insert(Grant(binding: current, member: member)).inserted { merged[current].members.append(member) }
    }

    /// None without members.
    var bindings: [Binding] { merged.filter { !$0.members.isEmpty } }
}
