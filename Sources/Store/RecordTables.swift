import FoundationEssentials
import GRDB

extension Migrations {
    /// Everything of the directory in one table: it is in memory as a whole, so that nobody asks for its columns.
    static func keepRecords(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE record (
                    -- project, policy and so on
                    kind TEXT NOT NULL,
                    key TEXT NOT NULL,
                    value TEXT NOT NULL,  -- JSON
                    PRIMARY KEY (kind, key)
                ) STRICT, WITHOUT ROWID;

                INSERT INTO record SELECT 'organization', number,
                    json_object('number', number, 'domain', domain, 'createdAt', createdAt) FROM organization;

                INSERT INTO record SELECT 'project', id,
                    json_patch(
                        json_object(
                            'id', id, 'number', number, 'displayName', displayName,
                            'parent', '//cloudresourcemanager.googleapis.com/' || parent, 'labels', json(labels),
                            'createdAt', createdAt, 'updatedAt', updatedAt),
                        json_object('deletedAt', deletedAt)) FROM project;

                INSERT INTO record SELECT 'services', project,
                    json_object('project', project, 'names', json_group_array(service))
                    FROM enabledService GROUP BY project;
                """)
        for row in try Row.fetchAll(database, sql: "SELECT * FROM policy") {
            let etag: Data = row["etag"]
            try database.execute(
                sql: """
                    INSERT INTO record SELECT 'policy', ?1, json_object(
                        'resource', ?1,
                        'policy', json_object('bindings', json(?2), 'auditConfigs', json('[]'), 'etag', ?3))
                    """,
                arguments: [row["resource"] as String, row["bindings"] as String, etag.base64EncodedString()])
        }
        for table in ["organization", "project", "enabledService", "policy"] { try database.drop(table: table) }
    }

    /// The POSIX accounts of OS Login become a part of its profiles.
    static func keepLoginProfiles(_ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO record SELECT 'loginProfile', principal,
                    json_object(
                        'owner', principal, 'account', json_object('username', username, 'uid', uid),
                        'projects', json('[]'), 'keys', json('[]')) FROM posixAccount;
                """)
        try database.drop(table: "posixAccount")
    }
}
