import Foundation
import GRDB

// Versions: added, looked at, read, changed and removed.

extension SecretStore {
    /// Adds a version to a secret.
    ///
    /// - Throws: `SecretStoreError.tooManyVersions`, `.noSpace`
    public func add(_ value: Data, to secret: String, hadChecksum: Bool) async throws -> SecretVersion {
        let now = now()
        return try await write { [key] database in
            let last = try Int64.fetchOne(
                database, sql: "SELECT max(number) FROM version WHERE secret = ?", arguments: [secret])
            let number = (last ?? 0) + 1
            guard number <= Self.mostVersions else { throw SecretStoreError.tooManyVersions(Self.mostVersions) }
            try database.execute(
                sql: """
                    INSERT INTO version (secret, number, state, createdAt, hadChecksum, revision, sealed)
                    VALUES (?, ?, 'enabled', ?, ?, 1, ?)
                    """,
                arguments: [
                    secret, number, now.timeIntervalSinceReferenceDate, hadChecksum,
                    try key.seal(value, for: Self.place(secret, number)),
                ])
            return try Self.version(number, of: secret, in: database)
        }
    }

    /// A version; the latest when no number is given.
    ///
    /// - Throws: `SecretStoreError.noVersion`
    public func version(_ number: Int64?, of secret: String) async throws -> SecretVersion {
        try await pool.read { try Self.version(number, of: secret, in: $0) }
    }

    /// Versions, the latest first.
    ///
    /// - Parameters:
    ///   - state: nil for those of every state.
    ///   - number: those before this one; nil for all.
    public func versions(
        of secret: String, in state: SecretVersion.State? = nil, before number: Int64? = nil, limit: Int
    ) async throws -> [SecretVersion] {
        try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM version WHERE secret = ?1 AND (?2 IS NULL OR state = ?2)
                    AND (?3 IS NULL OR number < ?3) ORDER BY number DESC LIMIT ?4
                    """,
                arguments: [secret, state?.rawValue, number, limit]
            ).compactMap(SecretVersion.init)
        }
    }

    /// How many versions a secret has.
    public func count(of secret: String, in state: SecretVersion.State? = nil) async throws -> Int {
        try await pool.read { database in
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM version WHERE secret = ?1 AND (?2 IS NULL OR state = ?2)",
                arguments: [secret, state?.rawValue]) ?? 0
        }
    }

    /// The value of a version.
    ///
    /// - Throws: `SecretStoreError.noVersion`, `.unusable`, `.wrongKey`
    public func value(of number: Int64, of secret: String) async throws -> Data {
        try await pool.read { [key] database in
            let version = try Self.version(number, of: secret, in: database)
            guard version.state == .enabled else { throw SecretStoreError.unusable(version.state) }
            let sealed = try Data.fetchOne(
                database, sql: "SELECT sealed FROM version WHERE secret = ? AND number = ?",
                arguments: [secret, number])
            guard let sealed else { throw SecretStoreError.noVersion }
            return try key.open(sealed, for: Self.place(secret, number))
        }
    }

    /// Changes the state of a version; its value is gone once it is destroyed.
    ///
    /// - Parameter revision: what the caller has read; nil for whatever is there.
    /// - Throws: `SecretStoreError.noVersion`, `.changed`, and `.unusable` for one that is destroyed.
    public func set(
        _ state: SecretVersion.State, of number: Int64, of secret: String, ifMatches revision: Int64? = nil
    ) async throws -> SecretVersion {
        let now = now()
        return try await write { database in
            let version = try Self.version(number, of: secret, in: database)
            guard [nil, version.revision].contains(revision) else { throw SecretStoreError.changed }
            guard version.state != state else { return version }
            guard version.state != .destroyed else { throw SecretStoreError.unusable(.destroyed) }
            try database.execute(
                sql: """
                    UPDATE version SET state = ?1, revision = revision + 1,
                        destroyedAt = CASE ?1 WHEN 'destroyed' THEN ?2 END,
                        sealed = CASE ?1 WHEN 'destroyed' THEN NULL ELSE sealed END
                    WHERE secret = ?3 AND number = ?4
                    """,
                arguments: [state.rawValue, now.timeIntervalSinceReferenceDate, secret, number])
            return try Self.version(number, of: secret, in: database)
        }
    }

    /// Removes all versions of a secret with their values.
    public func remove(_ secret: String) async throws {
        try await write { try $0.execute(sql: "DELETE FROM version WHERE secret = ?", arguments: [secret]) }
    }

    /// Removes what is left of secrets that are no more, as a server that was killed may leave it.
    ///
    /// To be called before the first request.
    ///
    /// - Parameter secrets: the uids of those that exist.
    public func sweep(keeping secrets: Set<String>) async throws {
        let known = try await pool.read { try String.fetchAll($0, sql: "SELECT DISTINCT secret FROM version") }
        for secret in known where !secrets.contains(secret) { try await remove(secret) }
    }

    private static func version(
        _ number: Int64?, of secret: String, in database: Database
    ) throws -> SecretVersion {
        let row = try Row.fetchOne(
            database,
            sql: "SELECT * FROM version WHERE secret = ?1 AND (?2 IS NULL OR number = ?2) ORDER BY number DESC LIMIT 1",
            arguments: [secret, number])
        guard let version = row.flatMap(SecretVersion.init) else { throw SecretStoreError.noVersion }
        return version
    }
}

extension SecretVersion {
    /// Nil for a row that no store wrote.
    fileprivate init?(_ row: Row) {
        guard let state = State(rawValue: row["state"]) else { return nil }
        self.state = state
        number = row["number"]
        createdAt = Date(timeIntervalSinceReferenceDate: row["createdAt"])
        let destroyed: Double? = row["destroyedAt"]
        destroyedAt = destroyed.map(Date.init(timeIntervalSinceReferenceDate:))
        hadChecksum = row["hadChecksum"]
        revision = row["revision"]
    }
}
