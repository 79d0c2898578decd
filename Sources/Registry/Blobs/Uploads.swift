import Foundation
import GRDB
import OCI
import SystemPackage

/// The uploads that are under way. Those that an earlier server left are taken up when they are asked for.
actor Uploads {
    /// At most so many in one repository: clients send the layers of an image side by side, a few at a time.
    static let most = 1_000

    private let tables: RegistryTables
    private let files: BlobFiles
    private var open: [UploadID: Task<Upload, any Error>] = [:]

    init(tables: RegistryTables, files: BlobFiles) {
        self.tables = tables
        self.files = files
    }

    func begin(_ purpose: UploadPurpose, at now: Date) async throws -> Upload {
        let id = UploadID()
        try await tables.write { database in
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM upload WHERE repository = ?", arguments: [purpose.repository])
            guard let count, count < Self.most else { throw RegistryError.tooManyUploads(Self.most) }
            try database.execute(
                sql: "INSERT INTO upload (id, repository, image, owner, usedAt) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    id.text, purpose.repository, purpose.image.text, purpose.owner, now.timeIntervalSinceReferenceDate,
                ])
        }
        let file = files.path(of: id)
        try await BlobFiles.blocking {
            try FileDescriptor.open(
                file, .writeOnly, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite
            ).close()
        }
        let upload = Upload(id, purpose, file: file)
        open[id] = Task { upload }
        return upload
    }

    /// The upload of an id.
    ///
    /// - Throws: `RegistryError.noUpload` also for one that was begun for something else, or by somebody else.
    func upload(_ id: UploadID, for purpose: UploadPurpose) async throws -> Upload {
        let task = open[id] ?? Task { try await self.takeUp(id) }
        open[id] = task
        let upload: Upload
        do {
            upload = try await task.value
        } catch {
            open[id] = nil
            throw error
        }
        guard upload.purpose == purpose else { throw RegistryError.noUpload }
        return upload
    }

    private func takeUp(_ id: UploadID) async throws -> Upload {
        let purpose = try await tables.pool.read { database -> UploadPurpose? in
            let row = try Row.fetchOne(database, sql: "SELECT * FROM upload WHERE id = ?", arguments: [id.text])
            guard let row, let image = ImageName(row["image"]) else { return nil }
            return UploadPurpose(repository: row["repository"], image: image, owner: row["owner"])
        }
        guard let purpose else { throw RegistryError.noUpload }
        let upload = Upload(id, purpose, file: files.path(of: id))
        do { try await upload.takeUp() } catch Errno.noSuchFileOrDirectory { throw RegistryError.noUpload }
        return upload
    }

    /// Notes that an upload is still wanted.
    func touch(_ id: UploadID, at now: Date) async throws {
        try await tables.write { database in
            try database.execute(
                sql: "UPDATE upload SET usedAt = ? WHERE id = ?",
                arguments: [now.timeIntervalSinceReferenceDate, id.text])
        }
    }

    /// Forgets an upload, and removes what was sent.
    func discard(_ id: UploadID) async throws {
        open[id] = nil
        try await tables.write { [files] database in
            try database.execute(sql: "DELETE FROM upload WHERE id = ?", arguments: [id.text])
            try files.remove(id)
        }
    }

    /// Forgets an upload that became a blob.
    func forget(_ id: UploadID) { open[id] = nil }

    /// Discards those that nobody has gone on with.
    func discard(unusedSince date: Date) async throws {
        let ids = try await tables.pool.read { database in
            try String.fetchAll(
                database, sql: "SELECT id FROM upload WHERE usedAt < ?",
                arguments: [date.timeIntervalSinceReferenceDate])
        }
        for id in ids.compactMap(UploadID.init) { try await discard(id) }
    }

    /// Discards those to a repository that is no more.
    func discard(toRepository repository: String) async throws {
        let ids = try await tables.pool.read { database in
            try String.fetchAll(database, sql: "SELECT id FROM upload WHERE repository = ?", arguments: [repository])
        }
        for id in ids.compactMap(UploadID.init) { try await discard(id) }
    }
}
