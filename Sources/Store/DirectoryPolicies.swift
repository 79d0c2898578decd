import Access
import FoundationEssentials
import GRDB

extension SQLiteStore: DirectoryStore {
    /// The policy of a resource; empty when none was ever set.
    public func policy(of resource: Resource) async throws -> Policy {
        let name = resource.fullName
        return try await read { try Self.policy(of: name, in: $0) }
    }

    /// Replaces a policy and gives it a new etag.
    ///
    /// - Parameter etag: what the caller read; nil writes whatever is there.
    /// - Throws: `StoreError.conflict` when the policy has changed since.
    public func setPolicy(
        _ bindings: [Binding], of resource: Resource, ifMatches etag: Data?
    ) async throws -> Policy {
        let policy = Self.newPolicy(bindings)
        try await write { database in
            if let etag, try Self.policy(of: resource.fullName, in: database).etag != etag {
                throw StoreError.conflict
            }
            try Self.write(policy, of: resource, in: database)
        }
        return policy
    }

    /// The services that a project has enabled.
    public func enabledServices(project: String) async throws -> Set<String> {
        try await read { database in
            try String.fetchSet(
                database, sql: "SELECT service FROM enabledService WHERE project = ?", arguments: [project])
        }
    }

    /// Enables or disables a service; nothing happens when it is as wanted.
    public func setService(_ service: String, enabled: Bool, project: String) async throws {
        try await write { database in
            guard !enabled else { return try Self.enable(service, project: project, in: database) }
            try database.execute(
                sql: "DELETE FROM enabledService WHERE project = ? AND service = ?", arguments: [project, service])
        }
    }

    static func enable(_ service: String, project: String, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR IGNORE INTO enabledService (project, service) VALUES (?, ?)",
            arguments: [project, service])
    }

    static func write(_ policy: Policy, of resource: Resource, in database: Database) throws {
        let bindings = try String(decoding: JSONEncoder().encode(policy.bindings), as: UTF8.self)
        try database.execute(
            sql: """
                INSERT INTO policy (resource, bindings, etag) VALUES (?, ?, ?)
                ON CONFLICT (resource) DO UPDATE SET bindings = excluded.bindings, etag = excluded.etag
                """,
            arguments: [resource.fullName, bindings, policy.etag])
    }

    private static func policy(of name: String, in database: Database) throws -> Policy {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT bindings, etag FROM policy WHERE resource = ?", arguments: [name])
        else { return Policy() }
        let bindings: String = row["bindings"]
        return Policy(
            bindings: try JSONDecoder().decode([Binding].self, from: Data(bindings.utf8)), etag: row["etag"])
    }

    /// A policy with an etag of eight random bytes: the same ones never come twice in its life.
    static func newPolicy(_ bindings: [Binding]) -> Policy {
        Policy(bindings: bindings, etag: withUnsafeBytes(of: UInt64.random(in: 1...UInt64.max)) { Data($0) })
    }
}
