import Access
import Directory
import FoundationEssentials
import Methods
import Schema

/// Reads and changes the pools of a directory, for either API. Rows have checked access before.
struct PoolChanges<Wire: PoolMessage>: Sendable {
    /// Pools on a page of a list, when the request does not say (IAM's reference).
    private static var usualPage: Int { 50 }
    private static var longestPage: Int { 1000 }

    let directory: Directory

    private var family: PoolFamily { Wire.family }

    func get(_ name: String, _ call: Call) throws -> Wire {
        Wire(try directory.state.pool(PoolName(name, family, field: "name"), at: call.time))
    }

    /// A page of the pools of a project or an organization, with the token for the next.
    func list(
        in parent: Resource, size: Int32, after token: String, withDeleted: Bool, _ call: Call
    ) throws -> (pools: [Wire], next: String) {
        let state = directory.state
        let parent = state.known(parent)
        let all = state.identityPools(in: parent.project.map(Resource.project) ?? parent)
            .filter { $0.deletedAt == nil || withDeleted && $0.isKnown(at: call.time) }
        let page = try ListPage(
            all, by: \.key, size: size, default: Self.usualPage, maximum: Self.longestPage, token: token,
            scope: [family.collection, parent.path, String(withDeleted)])
        return (page.items.map(Wire.init), page.nextToken)
    }

    func create(
        _ wanted: Wire, id: String, in parent: Resource, _ call: Call
    ) async throws -> Google_Longrunning_Operation {
        try family.check(id: id)
        return try await change(.create) { [family] draft in
            var record = try draft.state.newPool(id, of: family, in: parent, at: call.time)
            try wanted.apply(Wire.paths, to: &record)
            do {
                try draft.createPool(record, at: call.time)
            } catch DirectoryError.alreadyExists {
                throw ServiceError.taken(record.key, deletedUntil: draft.state.identityPools[record.key]?.expiresAt)
            }
            return record
        }
    }

    func update(_ wanted: Wire, _ paths: [String], _ call: Call) async throws -> Google_Longrunning_Operation {
        let name = try PoolName(wanted.name, family, field: "\(family.field).name")
        return try await change(.update) { draft in
            var record = try draft.state.pool(name, at: call.time)
            guard record.deletedAt == nil else { throw ServiceError.deleted(record.key) }
            try wanted.apply(paths, to: &record)
            try draft.put(record)
            return record
        }
    }

    func delete(_ name: String, _ call: Call) async throws -> Google_Longrunning_Operation {
        let name = try PoolName(name, family, field: "name")
        return try await change(.delete) { draft in
            var record = try draft.state.pool(name, at: call.time)
            guard record.deletedAt == nil else { throw ServiceError.deleted(record.key) }
            record.deletedAt = call.time
            try draft.put(record)
            return record
        }
    }

    func undelete(_ name: String, _ call: Call) async throws -> Google_Longrunning_Operation {
        let name = try PoolName(name, family, field: "name")
        return try await change(.undelete) { draft in
            let record = try draft.state.pool(name, at: call.time)
            guard record.deletedAt != nil else { throw ServiceError.notDeleted(record.key) }
            return try draft.undeletePool(record)
        }
    }

    private func change(
        _ verb: PoolOperation.Verb,
        _ body: @escaping @Sendable (inout DirectoryDraft) throws -> IdentityPoolRecord
    ) async throws -> Google_Longrunning_Operation {
        do {
            return try PoolOperation(verb).message(Wire(try await directory.change(body)))
        } catch DirectoryError.limitReached(let most) {
            throw ServiceError.limit(
                most, "\(family.title)s", in: family == .workload ? "A project" : "An organization")
        }
    }
}

extension DirectoryState {
    /// A pool that is to be made in a project or an organization.
    fileprivate func newPool(
        _ id: String, of family: PoolFamily, in parent: Resource, at now: Date
    ) throws -> IdentityPoolRecord {
        switch (family, known(parent)) {
        case (.workforce, .organization(let number)):
            return IdentityPoolRecord(pool: .workforce(id), organization: number, createdAt: now)
        case (_, let known):
            guard let project = known.project.flatMap({ self.project($0) }) else {
                throw ServiceError.notFound("\(parent.path) does not exist.")
            }
            return IdentityPoolRecord(pool: .workload(id, project: project.number), createdAt: now)
        }
    }
}

extension ServiceError {
    /// A name that something has already.
    ///
    /// - Parameter end: until when what has it can be undeleted; nil when it is not deleted.
    static func taken(_ name: String, deletedUntil end: Date?) -> ServiceError {
        let more = end.map { "; it is deleted, and its id is free at \($0.formatted(.iso8601)). It can be undeleted" }
        return .alreadyExists("Requested entity already exists: \(name)\(more ?? "").")
    }

    /// A change of what is deleted.
    static func deleted(_ name: String) -> ServiceError {
        .failedPrecondition("\(name) is deleted: it can only be looked at and undeleted.")
    }

    /// What is not deleted cannot be undeleted.
    static func notDeleted(_ name: String) -> ServiceError {
        .failedPrecondition("\(name) is not deleted: there is nothing to undelete.")
    }

    /// One more than there may be.
    static func limit(_ most: Int, _ things: String, in holder: String) -> ServiceError {
        ServiceError(
            .resourceExhausted,
            "\(holder) can have \(most) \(things), deleted ones among them until they cannot be undeleted any more.")
    }
}
