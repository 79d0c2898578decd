import Access
import Directory
import FoundationEssentials
import Methods
import PolicyAPI

/// The deny policies of a directory. Rows have checked access before.
struct StoredDenyPolicies: Sendable {
    /// Keys and values of the annotations of a policy, in bytes.
    private static let longestAnnotations = 16 << 10

    let directory: Directory

    /// The policy of a name.
    ///
    /// - Throws: `NOT_FOUND`
    func policy(_ name: DenyPolicyName) throws -> DenyPolicyRecord {
        let state = directory.state
        return try Self.policy(name, in: state)
    }

    /// All that are attached to a resource, by id.
    func policies(on named: Resource) -> [DenyPolicyRecord] {
        let state = directory.state
        let resource = state.known(named)
        return state.access.denyPolicies(on: resource).compactMap { policy in
            state.denyPolicies[DenyPolicyRecord.key(on: resource, policy.id)]
        }
    }

    /// Attaches a policy.
    func create(
        _ policy: DenyPolicy, annotations: [String: String], on named: Resource, at now: Date
    ) async throws -> DenyPolicyRecord {
        guard annotations.reduce(0, { $0 + $1.key.utf8.count + $1.value.utf8.count }) <= Self.longestAnnotations else {
            throw ServiceError.invalidArgument(
                "The annotations of a policy have at most \(Self.longestAnnotations) bytes in all.",
                field: "policy.annotations")
        }
        return try await directory.change { draft in
            let resource = draft.state.known(named)
            let others = draft.state.access.denyPolicies(on: resource)
            guard !others.contains(where: { $0.id == policy.id }) else {
                throw ServiceError.alreadyExists("Policy \(policy.id) already exists.")
            }
            var written = try Self.checked(policy, on: resource, beside: others, in: draft.state)
            written.etag = Etag.random()
            let record = DenyPolicyRecord(
                written, on: resource, uid: UUID().uuidString.lowercased(), annotations: annotations, createdAt: now)
            try draft.put(record)
            return record
        }
    }

    /// Replaces the rules and the display name of a policy.
    func update(
        _ name: DenyPolicyName, _ policy: DenyPolicy, ifMatches etag: Data, at now: Date
    ) async throws -> DenyPolicyRecord {
        try await directory.change { draft in
            var record = try Self.policy(name, in: draft.state)
            try record.check(etag)
            let others = draft.state.access.denyPolicies(on: record.resource).filter { $0.id != record.policy.id }
            record.policy = try Self.checked(policy, on: record.resource, beside: others, in: draft.state)
            record.policy.etag = Etag.random()
            record.updatedAt = now
            try draft.put(record)
            return record
        }
    }

    /// Detaches a policy.
    func delete(_ name: DenyPolicyName, ifMatches etag: Data) async throws -> DenyPolicyRecord {
        try await directory.change { draft in
            let record = try Self.policy(name, in: draft.state)
            try record.check(etag)
            try draft.remove(record)
            return record
        }
    }

    private static func policy(_ name: DenyPolicyName, in state: DirectoryState) throws -> DenyPolicyRecord {
        let key = DenyPolicyRecord.key(on: state.known(name.attachment), name.id ?? "")
        guard let record = state.denyPolicies[key] else {
            throw ServiceError.notFound("Policy \(name.id ?? "") was not found.")
        }
        return record
    }

    private static func checked(
        _ policy: DenyPolicy, on resource: Resource, beside others: [DenyPolicy], in state: DirectoryState
    ) throws -> DenyPolicy {
        do throws(PolicyError) {
            return try DenyRules(principals: state.access.principals).canonical(policy, on: resource, beside: others)
        } catch {
            throw ServiceError(error, service: DenyPoliciesAPI.service)
        }
    }
}

extension DenyPolicyRecord {
    /// - Parameter etag: what the client read; empty for whatever is there.
    fileprivate func check(_ etag: Data) throws {
        guard etag.isEmpty || etag == policy.etag else {
            throw ServiceError(.aborted, "Policy \(policy.id) has changed since it was read.")
        }
    }
}
