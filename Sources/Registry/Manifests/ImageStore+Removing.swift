import Foundation
import GRDB
import OCI

// How tags and versions leave a repository.

extension ImageStore {
    /// Lets a tag name a version.
    ///
    /// - Parameter mustBeNew: whether a tag that exists is refused.
    /// - Throws: `RegistryError.noManifest`, `.tagExists`, `.immutableTag`
    public func setTag(
        _ tag: TagName, of image: ImageName, inRepository repository: String, to digest: Digest, mustBeNew: Bool,
        tagsAreImmutable: Bool
    ) async throws {
        let place = VersionPlace(repository: repository, image: image)
        let now = now().timeIntervalSinceReferenceDate
        try await tables.write { database in
            guard let version = try database.sequence(of: digest, in: place) else {
                throw RegistryError.noManifest("\(image)@\(digest)")
            }
            if mustBeNew, try database.sequence(of: tag, in: place) != nil { throw RegistryError.tagExists(tag.text) }
            try database.setTag(tag, in: place, to: version, tagsAreImmutable: tagsAreImmutable, at: now)
        }
    }

    /// Removes a tag; the version stays.
    ///
    /// - Throws: `RegistryError.noTag`, `.immutableTag`
    public func removeTag(
        _ tag: TagName, of image: ImageName, inRepository repository: String, tagsAreImmutable: Bool
    ) async throws {
        let place = VersionPlace(repository: repository, image: image)
        let now = now().timeIntervalSinceReferenceDate
        try await tables.write { database in
            guard let version = try database.sequence(of: tag, in: place) else { throw RegistryError.noTag(tag.text) }
            guard !tagsAreImmutable else { throw RegistryError.immutableTag(tag.text) }
            try database.execute(
                sql: "DELETE FROM tag WHERE repository = ? AND image = ? AND name = ?",
                arguments: [repository, image.text, tag.text])
            try database.execute(
                sql: "UPDATE version SET updatedAt = ? WHERE sequence = ?", arguments: [now, version])
        }
    }

    /// Removes a version.
    ///
    /// - Parameter withTags: whether its tags go too; otherwise a version that has some is kept.
    /// - Throws: `RegistryError.noManifest`, `.tagged`, `.partOfIndex`, `.immutableTag`
    public func removeVersion(
        _ digest: Digest, of image: ImageName, inRepository repository: String, withTags: Bool, tagsAreImmutable: Bool
    ) async throws {
        let place = VersionPlace(repository: repository, image: image)
        try await tables.write { database in
            guard let version = try database.sequence(of: digest, in: place) else {
                throw RegistryError.noManifest("\(image)@\(digest)")
            }
            let tags = try String.fetchAll(
                database, sql: "SELECT name FROM tag WHERE version = ? ORDER BY name LIMIT 20", arguments: [version])
            if let tag = tags.first, tagsAreImmutable { throw RegistryError.immutableTag(tag) }
            guard tags.isEmpty || withTags else { throw RegistryError.tagged(tags) }
            if let index = try database.index(with: digest, in: place) { throw RegistryError.partOfIndex(index) }
            try database.execute(sql: "DELETE FROM version WHERE sequence = ?", arguments: [version])
        }
    }

    /// Removes all versions of an image with their tags.
    ///
    /// - Throws: `RegistryError.noManifest`, `.immutableTag`
    public func removeImage(
        _ image: ImageName, inRepository repository: String, tagsAreImmutable: Bool
    ) async throws {
        try await tables.write { database in
            let tag = try String.fetchOne(
                database, sql: "SELECT name FROM tag WHERE repository = ? AND image = ? LIMIT 1",
                arguments: [repository, image.text])
            if let tag, tagsAreImmutable { throw RegistryError.immutableTag(tag) }
            try database.execute(
                sql: "DELETE FROM version WHERE repository = ? AND image = ?", arguments: [repository, image.text])
            guard database.changesCount > 0 else { throw RegistryError.noManifest(image.text) }
        }
    }

    /// Removes all that a repository has, and what was being sent to it. Its blobs are garbage from then on.
    public func removeRepository(_ repository: String) async throws {
        try await uploads.discard(toRepository: repository)
        try await tables.write { database in
            for table in ["version", "link"] {
                try database.execute(sql: "DELETE FROM \(table) WHERE repository = ?", arguments: [repository])
            }
        }
    }
}

extension Database {
    /// An index that has a version among its children.
    fileprivate func index(with digest: Digest, in place: VersionPlace) throws -> Digest? {
        try String.fetchOne(
            self,
            sql: """
                SELECT version.digest FROM part JOIN version ON version.sequence = part.version
                WHERE part.digest = ? AND isManifest AND repository = ? AND image = ? LIMIT 1
                """,
            arguments: [digest.description, place.repository, place.image.text]
        ).flatMap(Digest.init)
    }
}
