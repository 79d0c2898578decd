import Access
import Directory
import FoundationEssentials
import Methods
import PolicyAPI

/// The organization policies of a directory; what v1 and v2 share. Rows have checked access before.
struct StoredPolicies: Sendable {
    let directory: Directory

    /// What a write does about a policy that is there, or is not.
    enum Expectation: Sendable {
        /// There must be none yet.
        case absent
        /// There must be one; with this etag, where it is not empty.
        case present(etag: Data)
        /// Either; with this etag, where there is one and this is not empty.
        case any(etag: Data)
    }

    /// What is set for a constraint on a resource itself; nil when nothing is.
    func policy(for constraint: String, on named: Resource) throws -> OrganizationPolicyRecord? {
        let state = directory.state
        let constraint = try Self.constraint(constraint)
        return state.organizationPolicies[
            OrganizationPolicyRecord.key(of: constraint.name, on: state.known(named))]
    }

    /// All that is set on a resource itself, by constraint.
    func policies(on named: Resource) -> [OrganizationPolicyRecord] {
        let state = directory.state
        let resource = state.known(named)
        return Constraint.all.compactMap { constraint in
            state.organizationPolicies[OrganizationPolicyRecord.key(of: constraint.name, on: resource)]
        }
    }

    /// What holds for a constraint on a resource, with all above it.
    func effective(_ constraint: String, on named: Resource) throws -> (Constraint, EffectiveConstraint) {
        let state = directory.state
        let constraint = try Self.constraint(constraint)
        let resource = state.known(named)
        return (constraint, state.access.effective(constraint, on: resource))
    }

    /// Sets a policy.
    func set(
        _ policy: OrganizationPolicy, on named: Resource, _ expectation: Expectation, at now: Date
    ) async throws -> OrganizationPolicyRecord {
        do throws(PolicyError) {
            try OrganizationPolicyRules.check(policy)
        } catch {
            throw ServiceError(error, service: OrgPolicyAPI.service)
        }
        return try await directory.change { draft in
            let resource = draft.state.known(named)
            let record = OrganizationPolicyRecord(policy, on: resource, updatedAt: now)
            try Self.check(draft.state.organizationPolicies[record.key], expectation, name: policy.constraint)
            try draft.put(record)
            return record
        }
    }

    /// Removes what is set for a constraint on a resource.
    ///
    /// - Returns: whether there was anything.
    func remove(_ constraint: String, on named: Resource, etag: Data) async throws -> Bool {
        let constraint = try Self.constraint(constraint)
        return try await directory.change { draft in
            let resource = draft.state.known(named)
            let key = OrganizationPolicyRecord.key(of: constraint.name, on: resource)
            guard let record = draft.state.organizationPolicies[key] else { return false }
            try Self.check(record, .present(etag: etag), name: constraint.name)
            try draft.remove(record)
            return true
        }
    }

    private static func check(
        _ record: OrganizationPolicyRecord?, _ expectation: Expectation, name: String
    ) throws {
        switch (expectation, record) {
        case (.absent, .some):
            throw ServiceError.alreadyExists("A policy for \(name) already exists.")
        case (.present, nil):
            throw ServiceError.notFound("There is no policy for \(name).")
        case (.present(let etag), let record?), (.any(let etag), let record?):
            guard etag.isEmpty || etag == record.policy.etag else {
                throw ServiceError(.aborted, "The policy for \(name) has changed since it was read.")
            }
        case (.absent, nil), (.any, nil): break
        }
    }

    /// - Throws: `NOT_FOUND` for a constraint that is not obeyed here: a policy for it would promise what does not hold.
    static func constraint(_ name: String) throws -> Constraint {
        guard let constraint = Constraint.named(name) else {
            throw ServiceError.notFound(
                "There is no constraint '\(name.prefix(200))' here: the list of constraints has those that are obeyed.")
        }
        return constraint
    }
}
