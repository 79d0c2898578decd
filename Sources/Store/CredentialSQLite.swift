import Access
import FoundationEssentials
import GRDB

extension SQLiteStore: CredentialStore {
    /// Adds a token.
    ///
    /// - Throws: `StoreError.alreadyExists` when its digest is taken.
    public func insertToken(_ token: TokenRecord) async throws {
        try await insertUnique { database in
            try database.execute(
                sql: "INSERT INTO token (digest, kind, principal, expiresAt) VALUES (?, ?, ?, ?)",
                arguments: [
                    token.digest, token.kind.rawValue, token.principal.member,
                    token.expiresAt.timeIntervalSinceReferenceDate,
                ])
        }
    }

    /// The token of a SHA-256 digest, expired or not; nil for one that was never issued or is purged.
    public func token(digest: Data) async throws -> TokenRecord? {
        try await read { database in
            let row = try Row.fetchOne(database, sql: "SELECT * FROM token WHERE digest = ?", arguments: [digest])
            guard let row, let kind = TokenRecord.Kind(rawValue: row["kind"]) else { return nil }
            return TokenRecord(
                digest: digest, kind: kind, principal: try Principal(column: row["principal"]),
                expiresAt: Date(timeIntervalSinceReferenceDate: row["expiresAt"]))
        }
    }

    /// Removes the tokens that ended before `time`.
    public func deleteTokens(expiredBefore time: Date) async throws {
        try await write { database in
            try database.execute(
                sql: "DELETE FROM token WHERE expiresAt < ?", arguments: [time.timeIntervalSinceReferenceDate])
        }
    }

    /// The OS Login account of a principal; nil before the first use.
    public func posixAccount(of principal: Principal) async throws -> PosixAccountRecord? {
        try await read { database in
            try Row.fetchOne(
                database, sql: "SELECT username, uid FROM posixAccount WHERE principal = ?",
                arguments: [principal.member]
            ).map { PosixAccountRecord(principal: principal, username: $0["username"], uid: $0["uid"]) }
        }
    }

    /// Adds the OS Login account of a principal.
    ///
    /// - Throws: `StoreError.alreadyExists` when the principal has one, or when the username or the uid is another's.
    public func insertPosixAccount(_ account: PosixAccountRecord) async throws {
        try await insertUnique { database in
            try database.execute(
                sql: "INSERT INTO posixAccount (principal, username, uid) VALUES (?, ?, ?)",
                arguments: [account.principal.member, account.username, account.uid])
        }
    }
}

extension Principal {
    /// Reads what `member` wrote.
    fileprivate init(column text: String) throws {
        switch Member(text) {
        case .user(let email): self = .user(email)
        case .serviceAccount(let email): self = .serviceAccount(email)
        default: throw DatabaseError(message: "a principal is damaged")
        }
    }
}
