import Foundation
import GRDB
import OCI

// What nothing names any more is removed while everything else goes on.

extension ImageStore {
    /// For so long after it was last sent, asked for or mounted a blob is kept in a repository though no manifest names
    /// it: whoever pushes an image sends its manifest last.
    static let grace: TimeInterval = 24 * 3600

    /// Files that are removed in one transaction.
    private static let portion = 100

    /// Removes what is left of repositories that are no more, and files that nothing knows of, as a server that was
    /// killed may leave them.
    ///
    /// To be called before the first request: what is sent meanwhile would be taken for such.
    ///
    /// - Parameter repositories: the uids of those that exist.
    public func sweep(keeping repositories: Set<String>) async throws {
        let known = try await tables.pool.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT repository FROM version UNION SELECT repository FROM link UNION SELECT repository FROM upload
                    """)
        }
        for repository in known where !repositories.contains(repository) { try await removeRepository(repository) }
        let files = files
        let (blobs, uploads) = try await BlobFiles.blocking { try files.all() }
        let (digests, ids) = try await tables.pool.read { database in
            (
                try String.fetchSet(database, sql: "SELECT digest FROM blob"),
                try String.fetchSet(database, sql: "SELECT id FROM upload")
            )
        }
        try await BlobFiles.blocking {
            for blob in blobs where !digests.contains(blob.description) { try files.remove(blob) }
            for upload in uploads where !ids.contains(upload.text) { try files.remove(upload) }
        }
    }

    /// Removes blobs that no manifest names, and uploads that nobody has gone on with, once they are a day old.
    ///
    /// - Returns: how many blobs were removed.
    @discardableResult
    public func collectGarbage() async throws -> Int {
        let limit = now() - Self.grace
        try await uploads.discard(unusedSince: limit)
        try await tables.write { database in
            try database.execute(
                sql: """
                    DELETE FROM link WHERE usedAt < ? AND NOT EXISTS (
                        SELECT 1 FROM part JOIN version ON version.sequence = part.version
                        WHERE part.digest = link.digest AND NOT isManifest AND version.repository = link.repository)
                    """, arguments: [limit.timeIntervalSinceReferenceDate])
        }
        let garbage = try await tables.write { database in
            try String.fetchAll(
                database,
                sql: """
                    DELETE FROM blob WHERE NOT EXISTS (SELECT 1 FROM link WHERE link.digest = blob.digest)
                    RETURNING digest
                    """
            ).compactMap(Digest.init)
        }
        for start in stride(from: 0, to: garbage.count, by: Self.portion) {
            try await removeFiles(of: garbage[start..<min(start + Self.portion, garbage.count)])
        }
        return garbage.count
    }

    /// Removes files in a transaction of their own, in which nobody can put such a blob back.
    private func removeFiles(of digests: ArraySlice<Digest>) async throws {
        let files = files
        try await tables.write { database in
            for digest in digests {
                let isBack = try Bool.fetchOne(
                    database, sql: "SELECT EXISTS (SELECT 1 FROM blob WHERE digest = ?)",
                    arguments: [digest.description])
                if isBack != true { try files.remove(digest) }
            }
        }
    }

    /// Collects garbage every hour, until its task is cancelled.
    ///
    /// - Parameter failed: told of each time that it did not work; the next one tries again.
    public func collectGarbageRegularly(failed: @Sendable (any Error) -> Void) async {
        while !Task.isCancelled {
            do { try await collectGarbage() } catch { failed(error) }
            try? await Task.sleep(for: .seconds(3600))
        }
    }
}
