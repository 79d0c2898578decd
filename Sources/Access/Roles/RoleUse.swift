/// What speaks against a role in a binding: what `setIamPolicy` refuses, and what a lint of a policy mentions.
public struct RoleFinding: Hashable, Sendable {
    /// How much it matters.
    public enum Severity: Hashable, Sendable {
        /// A policy with it is refused.
        case error
        /// The binding does not do, or will not go on doing, what it seems to.
        case warning
    }

    /// How much it matters.
    public var severity: Severity
    /// One sentence or two for people.
    public var message: String

    /// Makes a finding of its parts.
    public init(_ severity: Severity, _ message: String) {
        self.severity = severity
        self.message = message
    }
}

extension RoleCatalog {
    /// What speaks against a new binding of a role; empty when nothing does.
    ///
    /// - Parameters:
    ///   - name: the role's name.
    ///   - type: the type of the resource whose policy is to have the binding.
    ///   - parents: the project and the organization that the resource is or lies in.
    public func findings(
        forRole name: String, on type: ResourceType, in parents: Set<CustomRole.Parent>
    ) -> [RoleFinding] {
        let custom = CustomRole.Name(name)
        if let custom, !parents.contains(custom.parent) || self[name] == nil {
            return [RoleFinding(.error, "Role (\(name.prefix(300))) does not exist in the resource's hierarchy.")]
        }
        guard let role = self[name] else {
            let text = "Role \(name.prefix(300)) is not supported for this resource. Landfall has no role of this name."
            return [RoleFinding(.error, text)]
        }
        guard !role.isDeleted else {
            return [RoleFinding(.error, "Role \(name) is deleted. Undelete it to grant it.")]
        }
        guard role.types.contains(type) else {
            return [RoleFinding(.error, "Role \(name) is not supported for this resource.")]
        }
        switch role.stage {
        case .disabled: return [RoleFinding(.warning, "Role \(name) is disabled: a binding of it grants nothing.")]
        case .deprecated: return [RoleFinding(.warning, "Role \(name) is deprecated: it is to go some day.")]
        case .alpha, .beta, .generalAvailability, .earlyAccess: break
        }
        guard role.isForServiceAgent else { return [] }
        return [RoleFinding(.warning, "Role \(name) is meant for the account of a service, and for nobody else.")]
    }
}
