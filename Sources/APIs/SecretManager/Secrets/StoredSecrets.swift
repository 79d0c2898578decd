import Access
import Directory
import FoundationEssentials
import Methods
import Secrets

/// The secrets of a directory with their versions. Rows have checked access before.
public struct StoredSecrets: Sendable {
    let directory: Directory
    let store: SecretStore

    /// Secrets over a directory and a store.
    public init(directory: Directory, store: SecretStore) {
        self.directory = directory
        self.store = store
    }

    /// The project that a request names.
    ///
    /// - Throws: `NOT_FOUND`
    static func project(_ idOrNumber: String, in state: DirectoryState) throws -> ProjectRecord {
        guard let project = state.project(idOrNumber) else {
            throw ServiceError.notFound("Project [\(idOrNumber.prefix(100))] not found.")
        }
        return project
    }

    /// The secret that a request names.
    ///
    /// - Throws: `NOT_FOUND`
    func secret(_ name: SecretName, at now: Date) throws -> SecretRecord {
        try Self.secret(name, in: directory.state, at: now)
    }

    static func secret(_ name: SecretName, in state: DirectoryState, at now: Date) throws -> SecretRecord {
        guard let record = state.secrets[state.known(name.secret).fullName], !record.isOver(at: now) else {
            throw ServiceError.notFound("Secret [\(name.secret.path.prefix(400))] not found.")
        }
        return record
    }

    /// Those of a project, by name.
    func secrets(of project: ProjectRecord, at now: Date) -> [SecretRecord] {
        directory.state.secrets.sorted.filter { $0.resource.project == project.id && !$0.isOver(at: now) }
    }

    /// Makes a secret.
    ///
    /// - Throws: `ALREADY_EXISTS`
    func create(_ fields: SecretFields, id: String, in named: String, at now: Date) async throws -> SecretRecord {
        let (record, gone) = try await directory.change { draft in
            let project = try Self.project(named, in: draft.state)
            let resource = Resource.secret(id, project: project.id)
            let present = draft.state.secrets[resource.fullName]
            guard present?.isOver(at: now) ?? true else {
                throw ServiceError.alreadyExists("Secret [\(resource.path)] already exists.")
            }
            guard draft.state.secrets.count < SecretRecord.most else {
                throw DirectoryError.limitReached(SecretRecord.most)
            }
            if let present { try Self.remove(present, from: &draft) }
            let record = fields.record(resource, at: now)
            try draft.put(record)
            return (record, present?.uid)
        }
        if let gone { try await store.remove(gone) }
        return record
    }

    /// Changes a secret.
    ///
    /// - Parameter etag: what the caller has read; empty for whatever is there.
    func update(
        _ name: SecretName, ifMatches etag: String, at now: Date,
        _ change: @escaping @Sendable (inout SecretRecord) throws -> Void
    ) async throws -> SecretRecord {
        try await directory.change { draft in
            var record = try Self.secret(name, in: draft.state, at: now)
            try record.check(etag)
            try change(&record)
            record.etag = Etag.random()
            try draft.put(record)
            return record
        }
    }

    /// Removes a secret with its policy and all versions.
    func delete(_ name: SecretName, ifMatches etag: String, at now: Date) async throws {
        let uid = try await directory.change { draft in
            let record = try Self.secret(name, in: draft.state, at: now)
            try record.check(etag)
            try Self.remove(record, from: &draft)
            return record.uid
        }
        try await store.remove(uid)
    }

    private static func remove(_ record: SecretRecord, from draft: inout DirectoryDraft) throws {
        try draft.remove(record)
        try draft.removePolicy(of: record.resource)
    }

    /// Removes secrets whose time is over, every minute, until its task is cancelled.
    ///
    /// - Parameter failed: told of each time that it did not work; the next one tries again.
    public func purgeRegularly(failed: @Sendable (any Error) -> Void) async {
        while !Task.isCancelled {
            do { try await purge(at: Date()) } catch { failed(error) }
            try? await Task.sleep(for: .seconds(60))
        }
    }

    func purge(at now: Date) async throws {
        guard directory.state.secrets.all.contains(where: { $0.isOver(at: now) }) else { return }
        let gone = try await directory.change { draft in
            let over = draft.state.secrets.all.filter { $0.isOver(at: now) }
            for record in over { try Self.remove(record, from: &draft) }
            return over.map(\.uid)
        }
        for uid in gone { try await store.remove(uid) }
    }
}

extension SecretRecord {
    /// Whether its time is over: it is treated as removed, and soon is.
    func isOver(at now: Date) -> Bool { expiresAt.map { $0 <= now } ?? false }

    /// The etag as clients see it.
    var etagText: String { "\"\(etag.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined())\"" }

    fileprivate func check(_ etag: String) throws {
        guard etag.isEmpty || etag == etagText else {
            throw ServiceError.failedPrecondition(
                "The etag provided \(etag.prefix(100)) does not match the current etag: read the secret again.")
        }
    }
}
