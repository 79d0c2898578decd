import GRDB

extension Migrations {
    static func createCredentials(_ database: Database) throws {
        try database.execute(
            sql: """
                -- By SHA-256; the tokens themselves are not kept.
                CREATE TABLE token (
                    digest BLOB PRIMARY KEY,
                    kind TEXT NOT NULL,
                    -- user:EMAIL or serviceAccount:EMAIL
                    principal TEXT NOT NULL,
                    -- seconds since 2001
                    expiresAt REAL NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX tokenByEnd ON token (expiresAt);

                CREATE TABLE posixAccount (
                    principal TEXT PRIMARY KEY,
                    username TEXT NOT NULL UNIQUE,
                    uid INTEGER NOT NULL UNIQUE
                ) STRICT, WITHOUT ROWID;
                """)
    }

    /// Tokens of service accounts, and the keys that sign for them.
    static func addAccountTokens(_ database: Database) throws {
        try database.execute(
            sql: """
                -- The unique id of the service account that a token is for; of an earlier account of the same
                -- address it stands for nobody. Null for a person's token.
                ALTER TABLE token ADD COLUMN uniqueID TEXT;
                -- OAuth scopes, separated by blanks; empty: no limit was asked for.
                ALTER TABLE token ADD COLUMN scope TEXT NOT NULL DEFAULT '';

                -- Keys that are never handed out: the only place of their private halves.
                CREATE TABLE signingKey (
                    id TEXT PRIMARY KEY,
                    -- a service account's unique id, or 'issuer' for the installation itself
                    owner TEXT NOT NULL,
                    -- PKCS#8, DER
                    privateKey BLOB NOT NULL,
                    -- X.509, PEM
                    certificate TEXT NOT NULL,
                    -- seconds since 2001
                    signsFrom REAL NOT NULL,
                    expiresAt REAL NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX signingKeyByOwner ON signingKey (owner);
                """)
    }

    /// Tokens of identities of pools.
    static func addFederatedTokens(_ database: Database) throws {
        try database.execute(
            sql: """
                -- What an identity of a pool is, with its groups and attributes, as JSON; null for others.
                ALTER TABLE token ADD COLUMN identity TEXT;
                """)
    }

    /// Who took a service account's token.
    static func addDelegation(_ database: Database) throws {
        try database.execute(
            sql: """
                -- Those who took the token in the principal's name, the first of them first, as JSON; null for nobody.
                ALTER TABLE token ADD COLUMN delegation TEXT;
                """)
    }

    /// Which programs people have signed in.
    static func addClients(_ database: Database) throws {
        try database.execute(
            sql: """
                -- What the program calls itself that a person has signed in; null for other tokens.
                ALTER TABLE token ADD COLUMN client TEXT;
                """)
    }

    /// Which tokens belong together.
    static func addLogins(_ database: Database) throws {
        try database.execute(
            sql: """
                -- The digest of the refresh token that an access token was made with.
                ALTER TABLE token ADD COLUMN login BLOB;
                CREATE INDEX tokenByLogin ON token (login) WHERE login IS NOT NULL;
                CREATE INDEX refreshTokenByPrincipal ON token (principal, expiresAt) WHERE kind = 'refresh';
                """)
    }
}
