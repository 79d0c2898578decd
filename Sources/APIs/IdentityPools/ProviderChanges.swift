import Directory
import FoundationEssentials
import Methods
import Schema

/// Reads and changes the providers of pools, for either API. Rows have checked access before.
struct ProviderChanges<Wire: ProviderMessage>: Sendable {
    /// Providers on a page of a list, when the request does not say (IAM's reference).
    private static var usualPage: Int { 50 }
    private static var longestPage: Int { 100 }

    let directory: Directory

    private var family: PoolFamily { Wire.family }

    func get(_ name: String, _ call: Call) throws -> Wire {
        Wire(try directory.state.provider(ProviderReference(name, family, field: "name"), at: call.time))
    }

    /// A page of the providers of a pool, with the token for the next.
    func list(
        of pool: String, size: Int32, after token: String, withDeleted: Bool, _ call: Call
    ) throws -> (providers: [Wire], next: String) {
        let state = directory.state
        let pool = try state.pool(PoolName(pool, family, field: "parent"), at: call.time)
        let all = state.identityProviders(of: pool.pool)
            .filter { $0.deletedAt == nil || withDeleted && $0.isKnown(at: call.time) }
        let page = try ListPage(
            all, by: \.id, size: size, default: Self.usualPage, maximum: Self.longestPage, token: token,
            scope: [pool.key, String(withDeleted)])
        return (page.items.map(Wire.init), page.nextToken)
    }

    func create(
        _ wanted: Wire, id: String, of pool: String, _ call: Call
    ) async throws -> Google_Longrunning_Operation {
        try PoolRules.check(id: id, of: "provider", field: "\(Wire.field)_id")
        let name = try PoolName(pool, family, field: "parent")
        return try await change(.create) { draft in
            let pool = try draft.state.pool(name, at: call.time)
            guard pool.deletedAt == nil else { throw ServiceError.deleted(pool.key) }
            var record = IdentityProviderRecord(
                pool: pool.pool, id: id, issuer: "", attributeMapping: [:], createdAt: call.time)
            try wanted.apply(Wire.paths, to: &record)
            do {
                try draft.createProvider(record, of: pool, at: call.time)
            } catch DirectoryError.alreadyExists {
                throw ServiceError.taken(
                    record.key, deletedUntil: draft.state.identityProviders[record.key]?.expiresAt)
            }
            return record
        }
    }

    func update(_ wanted: Wire, _ paths: [String], _ call: Call) async throws -> Google_Longrunning_Operation {
        let name = try ProviderReference(wanted.name, family, field: "\(Wire.field).name")
        return try await change(name, .update, call) { record in
            guard record.deletedAt == nil else { throw ServiceError.deleted(record.key) }
            try wanted.apply(paths, to: &record)
        }
    }

    func delete(_ name: String, _ call: Call) async throws -> Google_Longrunning_Operation {
        try await change(ProviderReference(name, family, field: "name"), .delete, call) { record in
            guard record.deletedAt == nil else { throw ServiceError.deleted(record.key) }
            record.deletedAt = call.time
        }
    }

    func undelete(_ name: String, _ call: Call) async throws -> Google_Longrunning_Operation {
        try await change(ProviderReference(name, family, field: "name"), .undelete, call) { record in
            guard record.deletedAt != nil else { throw ServiceError.notDeleted(record.key) }
            record.deletedAt = nil
        }
    }

    /// Changes a provider of a pool that is not deleted.
    private func change(
        _ name: ProviderReference, _ verb: PoolOperation.Verb, _ call: Call,
        _ body: @escaping @Sendable (inout IdentityProviderRecord) throws -> Void
    ) async throws -> Google_Longrunning_Operation {
        try await change(verb) { draft in
            let pool = try draft.state.pool(name.pool, at: call.time)
            guard pool.deletedAt == nil else { throw ServiceError.deleted(pool.key) }
            var record = try draft.state.provider(name, at: call.time)
            try body(&record)
            try draft.put(record)
            return record
        }
    }

    private func change(
        _ verb: PoolOperation.Verb,
        _ body: @escaping @Sendable (inout DirectoryDraft) throws -> IdentityProviderRecord
    ) async throws -> Google_Longrunning_Operation {
        do {
            return try PoolOperation(verb).message(Wire(try await directory.change(body)))
        } catch DirectoryError.limitReached(let most) {
            let holder =
                switch (most, family) {
                case (IdentityProviderRecord.most, _): "A pool"
                case (_, .workload): "A project"
                case (_, .workforce): "An organization"
                }
            throw ServiceError.limit(most, "providers", in: holder)
        }
    }
}
