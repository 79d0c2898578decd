import Access
import FoundationEssentials
import GRDB

extension SQLiteStore: CredentialStore {
    /// Adds a token.
    ///
    /// - Throws: `StoreError.alreadyExists` when its digest is taken.
    public func insertToken(_ token: TokenRecord) async throws {
        try await insertTokens([token])
    }

    /// Adds tokens: all of them, or none.
    ///
    /// - Throws: `StoreError.alreadyExists` when a digest is taken, `StoreError.conflict` when a login has ended.
    public func insertTokens(_ tokens: [TokenRecord]) async throws {
        try await insertUnique { database in
            for token in tokens {
                if let login = token.login { try Self.requireLogin(login, in: database) }
                try Self.insert(token, into: database)
                if token.kind == .refresh { try Self.makeRoom(beside: token, in: database) }
            }
        }
    }

    private static func insert(_ token: TokenRecord, into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO token (digest, kind, principal, expiresAt, uniqueID, scope, identity, delegation, login, client)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            token.digest, token.kind.rawValue, token.principal.member,
            token.expiresAt.timeIntervalSinceReferenceDate, token.uniqueID, token.scope,
            try token.principal.identityColumn, try Principal.delegationColumn(token.delegation), token.login,
            token.client,
        ])
    }

    /// A login that ends while a token of it is being made leaves none behind.
    private static func requireLogin(_ login: Data, in database: Database) throws {
        let isThere = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM token WHERE digest = ? AND kind = 'refresh')",
            arguments: [login])
        guard isThere == true else { throw StoreError.conflict }
    }

    /// As many logins of a principal go on at once.
    private static let mostLogins = 100

    private static func makeRoom(beside token: TokenRecord, in database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM token WHERE digest IN (
                    SELECT digest FROM token WHERE kind = 'refresh' AND principal = ? AND digest <> ?
                    ORDER BY expiresAt DESC LIMIT -1 OFFSET ?)
                """, arguments: [token.principal.member, token.digest, mostLogins - 1])
    }

    /// Removes a token and, when it belongs to a login, all tokens of that.
    public func deleteTokens(with digest: Data) async throws -> Set<Data> {
        try await write { database in
            let login =
                try Data.fetchOne(database, sql: "SELECT login FROM token WHERE digest = ?", arguments: [digest])
                ?? digest
            return try Data.fetchSet(
                database, sql: "DELETE FROM token WHERE digest IN (?, ?) OR login = ? RETURNING digest",
                arguments: [digest, login, login])
        }
    }

    /// Removes the tokens of every login of a principal.
    public func deleteLogins(of principal: Principal) async throws -> Int {
        try await write { database in
            let logins = try Data.fetchAll(
                database, sql: "SELECT digest FROM token WHERE kind = 'refresh' AND principal = ?",
                arguments: [principal.member])
            for login in logins {
                try database.execute(
                    sql: "DELETE FROM token WHERE digest = ? OR login = ?", arguments: [login, login])
            }
            return logins.count
        }
    }

    /// The token of a SHA-256 digest, expired or not; nil for one that was never issued or is purged.
    public func token(digest: Data) async throws -> TokenRecord? {
        try await read { database in
            let row = try Row.fetchOne(database, sql: "SELECT * FROM token WHERE digest = ?", arguments: [digest])
            guard let row, let kind = TokenRecord.Kind(rawValue: row["kind"]) else { return nil }
            return TokenRecord(
                digest: digest, kind: kind,
                principal: try Principal(column: row["principal"], identity: row["identity"]),
                expiresAt: Date(timeIntervalSinceReferenceDate: row["expiresAt"]), uniqueID: row["uniqueID"],
                scope: row["scope"], delegation: try Principal.delegation(column: row["delegation"]),
                login: row["login"], client: row["client"])
        }
    }

    /// Removes the tokens that ended before `time`.
    public func deleteTokens(expiredBefore time: Date) async throws {
        try await write { database in
            try database.execute(
                sql: "DELETE FROM token WHERE expiresAt < ?", arguments: [time.timeIntervalSinceReferenceDate])
        }
    }

    /// The signing keys of an owner, in the order in which they sign.
    public func signingKeys(of owner: String) async throws -> [SigningKeyRecord] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM signingKey WHERE owner = ? ORDER BY signsFrom", arguments: [owner]
            ).map { row in
                SigningKeyRecord(
                    id: row["id"], owner: owner, privateKey: row["privateKey"], certificate: row["certificate"],
                    signsFrom: Date(timeIntervalSinceReferenceDate: row["signsFrom"]),
                    expiresAt: Date(timeIntervalSinceReferenceDate: row["expiresAt"]))
            }
        }
    }

    /// Adds signing keys.
    ///
    /// - Throws: `StoreError.alreadyExists` when an id is taken.
    public func insertSigningKeys(_ keys: [SigningKeyRecord]) async throws {
        try await insertUnique { database in
            for key in keys {
                try database.execute(
                    sql: """
                        INSERT INTO signingKey (id, owner, privateKey, certificate, signsFrom, expiresAt)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        key.id, key.owner, key.privateKey, key.certificate,
                        key.signsFrom.timeIntervalSinceReferenceDate, key.expiresAt.timeIntervalSinceReferenceDate,
                    ])
            }
        }
    }

    /// Removes the signing keys that ended before `time`.
    public func deleteSigningKeys(expiredBefore time: Date) async throws {
        try await write { database in
            try database.execute(
                sql: "DELETE FROM signingKey WHERE expiresAt < ?", arguments: [time.timeIntervalSinceReferenceDate])
        }
    }
}

extension Principal {
    /// Reads what `member` and `identityColumn` wrote.
    fileprivate init(column text: String, identity: String?) throws {
        if let identity {
            self = .federated(try JSONDecoder().decode(FederatedIdentity.self, from: Data(identity.utf8)))
            return
        }
        switch Member(text) {
        case .user(let email): self = .user(email)
        case .serviceAccount(let email): self = .serviceAccount(email)
        default: throw DatabaseError(message: "a principal is damaged")
        }
    }

    /// What an identity of a pool is, as JSON; nil for others, which their names tell.
    fileprivate var identityColumn: String? {
        get throws {
            guard case .federated(let identity) = self else { return nil }
            return String(decoding: try JSONEncoder().encode(identity), as: UTF8.self)
        }
    }

    /// A chain of delegation as JSON; nil for none.
    fileprivate static func delegationColumn(_ chain: [Principal]) throws -> String? {
        chain.isEmpty ? nil : String(decoding: try JSONEncoder().encode(chain), as: UTF8.self)
    }

    /// Reads what `delegationColumn` wrote.
    fileprivate static func delegation(column: String?) throws -> [Principal] {
        try column.map { try JSONDecoder().decode([Principal].self, from: Data($0.utf8)) } ?? []
    }
}
