import Foundation
import GRDB
import OCI

// How versions of images come into a repository.

extension ImageStore {
    /// Adds a version to an image, and gives it a tag.
    ///
    /// All that it consists of must be in the repository: the blobs of an image, the children of an index.
    ///
    /// - Parameters:
    ///   - tag: which then names this version; nil for none.
    ///   - tagsAreImmutable: whether a tag that names another version stays there.
    /// - Throws: `RegistryError.badManifest`, `.missingContent`, `.immutableTag`
    public func put(
        _ manifest: Manifest, inRepository repository: String, _ image: ImageName, as tag: TagName?,
        tagsAreImmutable: Bool
    ) async throws {
        try await files.checkRoom()
        let builtAt = await buildTime(of: manifest, inRepository: repository)
        let now = now().timeIntervalSinceReferenceDate
        try await tables.write { database in
            let size = try database.size(of: manifest, inRepository: repository, image)
            let annotations = try manifest.content.annotations.map { try JSONEncoder().encode($0) }
            try database.execute(
                sql: """
                    INSERT INTO version (
                        repository, image, digest, mediaType, artifactType, size, builtAt, createdAt, updatedAt,
                        subject, annotations, body
                    ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10, ?11)
                    ON CONFLICT DO UPDATE SET updatedAt = excluded.updatedAt, mediaType = excluded.mediaType
                    """,
                arguments: [
                    repository, image.text, manifest.digest.description, manifest.mediaType.rawValue,
                    manifest.artifactType, size, builtAt?.timeIntervalSinceReferenceDate, now,
                    manifest.content.subject?.digest.description,
                    annotations.map { String(decoding: $0, as: UTF8.self) }, manifest.body,
                ])
            let place = VersionPlace(repository: repository, image: image)
            guard let version = try database.sequence(of: manifest.digest, in: place) else { return }
            for (parts, isManifest) in [(manifest.blobs, false), (manifest.children, true)] {
                for part in parts {
                    try database.execute(
                        sql: "INSERT OR IGNORE INTO part (version, digest, isManifest) VALUES (?, ?, ?)",
                        arguments: [version, part.digest.description, isManifest])
                }
            }
            guard let tag else { return }
            try database.setTag(tag, in: place, to: version, tagsAreImmutable: tagsAreImmutable, at: now)
        }
    }

    /// When an image was built, as its configuration says; nil when it cannot be told.
    private func buildTime(of manifest: Manifest, inRepository repository: String) async -> Date? {
        struct Configuration: Decodable {
            var created: String?
        }
        guard let config = manifest.blobs.first, config.size <= Int64(Manifest.longest),
            let blob = try? await blob(config.digest, inRepository: repository), blob.size == config.size,
            let bytes = try? await blob.bytes(),
            let created = try? JSONDecoder().decode(Configuration.self, from: Data(bytes.readableBytesView)).created
        else { return nil }
        return BuildTime.parse(created)
    }
}

/// An image of a repository.
struct VersionPlace: Hashable, Sendable {
    /// The uid of the repository.
    var repository: String
    var image: ImageName
}

extension Database {
    /// All that a manifest consists of, in bytes, once.
    ///
    /// - Throws: `RegistryError.missingContent`, `.badManifest`
    fileprivate func size(of manifest: Manifest, inRepository repository: String, _ image: ImageName) throws -> Int64 {
        var seen: Set<Digest> = []
        var total: Int64 = 0
        for part in manifest.blobs where seen.insert(part.digest).inserted {
            guard let size = try size(of: part.digest, inRepository: repository) else {
                throw RegistryError.missingContent(part.digest)
            }
            guard size == part.size else {
                throw RegistryError.badManifest("\(part.digest) has \(size) bytes, and not \(part.size)")
            }
            total += size
        }
        let place = VersionPlace(repository: repository, image: image)
        for child in manifest.children where seen.insert(child.digest).inserted {
            guard let version = try sequence(of: child.digest, in: place) else {
                throw RegistryError.missingContent(child.digest)
            }
            let size = try Int64.fetchOne(
                self, sql: "SELECT size FROM version WHERE sequence = ?", arguments: [version])
            // Indexes of indexes count their parts again and again.
            let (sum, isTooMuch) = total.addingReportingOverflow(size ?? 0)
            total = isTooMuch ? .max : sum
        }
        return total
    }

    /// The row of a version.
    func sequence(of digest: Digest, in place: VersionPlace) throws -> Int64? {
        try Int64.fetchOne(
            self, sql: "SELECT sequence FROM version WHERE repository = ? AND image = ? AND digest = ?",
            arguments: [place.repository, place.image.text, digest.description])
    }

    /// The row of the version that a tag names.
    func sequence(of tag: TagName, in place: VersionPlace) throws -> Int64? {
        try Int64.fetchOne(
            self, sql: "SELECT version FROM tag WHERE repository = ? AND image = ? AND name = ?",
            arguments: [place.repository, place.image.text, tag.text])
    }

    /// Lets a tag name a version.
    ///
    /// - Throws: `RegistryError.immutableTag`
    func setTag(
        _ tag: TagName, in place: VersionPlace, to version: Int64, tagsAreImmutable: Bool, at now: Double
    ) throws {
        let present = try sequence(of: tag, in: place)
        guard present != version else { return }
        guard present == nil || !tagsAreImmutable else { throw RegistryError.immutableTag(tag.text) }
        try execute(
            sql: """
                INSERT INTO tag (repository, image, name, version, updatedAt) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET version = excluded.version, updatedAt = excluded.updatedAt
                """,
            arguments: [place.repository, place.image.text, tag.text, version, now])
        try execute(
            sql: "UPDATE version SET updatedAt = ? WHERE sequence IN (?, ?)", arguments: [now, version, present])
    }
}
