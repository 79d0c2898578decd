import Foundation
import GRDB
import OCI

import struct NIOCore.ByteBuffer

// Blobs of repositories, and how they come there.

extension ImageStore {
    /// A blob of a repository. Asking for it keeps it for a while: its client may be about to name it in a manifest.
    ///
    /// - Throws: `RegistryError.noBlob`
    public func blob(_ digest: Digest, inRepository repository: String) async throws -> Blob {
        let now = now()
        // Most have been asked for just now: then nothing has to be written.
        let limit = (now - Self.freshness).timeIntervalSinceReferenceDate
        let known = try await tables.pool.read { database in
            try Int64.fetchOne(
                database,
                sql: """
                    SELECT size FROM link JOIN blob USING (digest)
                    WHERE repository = ? AND digest = ? AND usedAt > ?
                    """,
                arguments: [repository, digest.description, limit])
        }
        if let known { return Blob(digest: digest, size: known, path: files.path(of: digest)) }
        let size = try await tables.write { database in
            guard let size = try database.size(of: digest, inRepository: repository) else {
                throw RegistryError.noBlob(digest)
            }
            try database.link(digest, toRepository: repository, at: now)
            return size
        }
        return Blob(digest: digest, size: size, path: files.path(of: digest))
    }

    /// For so long a blob counts as asked for just now: much shorter than what is kept for its sake.
    private static let freshness: TimeInterval = 3_600

    /// Makes a blob of one repository one of another as well.
    ///
    /// - Returns: false when the first does not have it.
    public func mount(_ digest: Digest, from source: String, to repository: String) async throws -> Bool {
        let now = now()
        return try await tables.write { database in
            guard try database.size(of: digest, inRepository: source) != nil else { return false }
            try database.link(digest, toRepository: repository, at: now)
            return true
        }
    }

    /// Begins an upload.
    ///
    /// - Throws: `RegistryError.tooManyUploads`, `.noSpace`
    public func beginUpload(_ purpose: UploadPurpose) async throws -> UploadID {
        try await uploads.begin(purpose, at: now()).id
    }

    /// How many bytes of an upload were received.
    ///
    /// - Throws: `RegistryError.noUpload`
    public func received(_ id: UploadID, _ purpose: UploadPurpose) async throws -> Int64 {
        try await uploads.upload(id, for: purpose).size
    }

    /// Adds a part to an upload. What was received before the body broke off is kept.
    ///
    /// - Parameter offset: where the part begins; nil for the end of what there is.
    /// - Returns: how many bytes there are now.
    /// - Throws: `RegistryError`, and what the body throws.
    public func append(
        _ body: some AsyncSequence<ByteBuffer, any Error> & Sendable, to id: UploadID, _ purpose: UploadPurpose,
        at offset: Int64?
    ) async throws -> Int64 {
        let upload = try await uploads.upload(id, for: purpose)
        try await uploads.touch(id, at: now())
        try await upload.append(body, at: offset)
        try await uploads.touch(id, at: now())
        return await upload.size
    }

    /// Makes a blob of an upload. The upload is gone then, also when that fails, unless another request writes to it.
    ///
    /// - Throws: `RegistryError.wrongDigest`, `.busyUpload`, `.noSpace`
    public func finish(_ id: UploadID, _ purpose: UploadPurpose, as digest: Digest) async throws {
        let upload = try await uploads.upload(id, for: purpose)
        do {
            try await upload.complete(as: digest)
            try await publish(upload, as: digest)
            await uploads.forget(id)
        } catch RegistryError.busyUpload {
            throw RegistryError.busyUpload
        } catch {
            try? await uploads.discard(id)
            throw error
        }
    }

    private func publish(_ upload: Upload, as digest: Digest) async throws {
        let (id, purpose, size) = await (upload.id, upload.purpose, upload.size)
        let (files, now) = (files, now())
        try await tables.write { database in
            // In the transaction: the file is not removed as garbage meanwhile.
            try files.publish(id, as: digest)
            try database.execute(
                sql: "INSERT INTO blob (digest, size) VALUES (?, ?) ON CONFLICT DO NOTHING",
                arguments: [digest.description, size])
            try database.link(digest, toRepository: purpose.repository, at: now)
            try database.execute(sql: "DELETE FROM upload WHERE id = ?", arguments: [id.text])
        }
    }

    /// Ends an upload and removes what was sent.
    ///
    /// - Throws: `RegistryError.noUpload`
    public func cancel(_ id: UploadID, _ purpose: UploadPurpose) async throws {
        _ = try await uploads.upload(id, for: purpose)
        try await uploads.discard(id)
    }
}

extension Database {
    /// The size of a blob that a repository has.
    func size(of digest: Digest, inRepository repository: String) throws -> Int64? {
        try Int64.fetchOne(
            self,
            sql: "SELECT size FROM link JOIN blob USING (digest) WHERE repository = ? AND digest = ?",
            arguments: [repository, digest.description])
    }

    fileprivate func link(_ digest: Digest, toRepository repository: String, at now: Date) throws {
        try execute(
            sql: """
                INSERT INTO link (repository, digest, usedAt) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET usedAt = max(usedAt, excluded.usedAt)
                """,
            arguments: [repository, digest.description, now.timeIntervalSinceReferenceDate])
    }
}
