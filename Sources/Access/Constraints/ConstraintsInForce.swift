import Conditions
import FoundationEssentials

extension AccessIndex {
    /// What holds for a constraint on an organization, a folder or a project.
    ///
    /// - Parameter container: with its project's id.
    public func effective(_ constraint: Constraint, on container: Resource) -> EffectiveConstraint {
        constraint.effective(hierarchy.lineage(of: container).map { constraints[$0]?[constraint.name] }) { condition in
            // Tags are all that such a condition can look at.
            let attributes = RequestContext(time: .distantPast).attributes(of: container, in: hierarchy)
            return (try? Condition(condition.expression, vocabulary: .tags))?.evaluate(for: attributes).grants == true
        }
    }

    /// Whether a boolean constraint is enforced on an organization, a folder or a project.
    public func isEnforced(_ constraint: Constraint, on container: Resource) -> Bool {
        effective(constraint, on: container) == .enforced(true)
    }

    /// Whether a list constraint allows a value on an organization, a folder or a project.
    public func allows(_ value: String, by constraint: Constraint, on container: Resource) -> Bool {
        guard case .values(let values) = effective(constraint, on: container) else { return false }
        return values.contains(value)
    }
}
