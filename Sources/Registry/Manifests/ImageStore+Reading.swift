import Foundation
import GRDB
import OCI

// What a repository has.

extension ImageStore {
    /// The manifest that a reference names.
    ///
    /// - Throws: `RegistryError.noManifest`
    public func manifest(
        _ reference: Reference, of image: ImageName, inRepository repository: String
    ) async throws -> StoredManifest {
        let place = VersionPlace(repository: repository, image: image)
        return try await tables.pool.read { database in
            guard let version = try database.sequence(of: reference, in: place),
                let row = try Row.fetchOne(
                    database, sql: "SELECT digest, mediaType, body FROM version WHERE sequence = ?",
                    arguments: [version]), let digest = Digest(row["digest"])
            else { throw RegistryError.noManifest("\(image)\(reference.suffix)") }
            return StoredManifest(digest: digest, mediaType: row["mediaType"], body: row["body"])
        }
    }

    /// The version that a reference names; nil when there is none.
    public func version(
        _ reference: Reference, of image: ImageName, inRepository repository: String
    ) async throws -> ImageVersion? {
        let place = VersionPlace(repository: repository, image: image)
        return try await tables.pool.read { database in
            guard let version = try database.sequence(of: reference, in: place) else { return nil }
            return try Row.fetchOne(
                database, sql: "SELECT \(ImageVersion.columns) FROM version WHERE sequence = ?", arguments: [version]
            ).flatMap(ImageVersion.init)
        }
    }

    /// Versions in the order of images and digests.
    ///
    /// - Parameters:
    ///   - image: nil for those of all images.
    ///   - last: where the list goes on; nil for its beginning.
    public func versions(
        inRepository repository: String, of image: ImageName? = nil, after last: (image: String, digest: String)? = nil,
        limit: Int
    ) async throws -> [ImageVersion] {
        try await tables.pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT \(ImageVersion.columns) FROM version
                    WHERE repository = ?1 AND (?2 IS NULL OR image = ?2) AND (image, digest) > (?3, ?4)
                    ORDER BY image, digest LIMIT ?5
                    """,
                arguments: [repository, image?.text, last?.image ?? "", last?.digest ?? "", limit]
            ).compactMap(ImageVersion.init)
        }
    }

    /// Tags of an image with the versions that they name, in the order of their bytes.
    ///
    /// - Parameter version: nil for the tags of all versions.
    public func tags(
        of image: ImageName, inRepository repository: String, naming version: Digest? = nil, after last: String = "",
        limit: Int
    ) async throws -> [(name: String, digest: Digest)] {
        try await tables.pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT name, digest FROM tag JOIN version ON version.sequence = tag.version
                    WHERE tag.repository = ?1 AND tag.image = ?2 AND (?3 IS NULL OR digest = ?3) AND name > ?4
                    ORDER BY name LIMIT ?5
                    """,
                arguments: [repository, image.text, version?.description, last, limit]
            ).compactMap { row in Digest(row["digest"]).map { (row["name"], $0) } }
        }
    }

    /// Images by name, of which there are versions.
    public func images(
        inRepository repository: String, after last: String = "", limit: Int
    ) async throws -> [StoredImage] {
        try await images(
            "repository = ?1 AND image > ?2 GROUP BY image ORDER BY image LIMIT ?3", [repository, last, limit])
    }

    /// The image of a name; nil when there is no version of it.
    public func image(_ name: ImageName, inRepository repository: String) async throws -> StoredImage? {
        try await images("repository = ? AND image = ? GROUP BY image", [repository, name.text]).first
    }

    private func images(_ condition: String, _ arguments: StatementArguments) async throws -> [StoredImage] {
        try await tables.pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT image, min(createdAt) AS first, max(updatedAt) AS last FROM version WHERE \(condition)
                    """,
                arguments: arguments
            ).compactMap { row in
                ImageName(row["image"]).map {
                    StoredImage(
                        name: $0, createdAt: Date(timeIntervalSinceReferenceDate: row["first"]),
                        updatedAt: Date(timeIntervalSinceReferenceDate: row["last"]))
                }
            }
        }
    }

    /// All that a repository has, in bytes.
    public func size(ofRepository repository: String) async throws -> Int64 {
        try await tables.pool.read { database in
            try Int64.fetchOne(
                database,
                sql: """
                    SELECT
                        (SELECT coalesce(sum(size), 0) FROM link JOIN blob USING (digest) WHERE repository = ?1)
                        + (SELECT coalesce(sum(length(body)), 0) FROM version WHERE repository = ?1)
                    """, arguments: [repository]) ?? 0
        }
    }
}

/// An image of which there are versions.
public struct StoredImage: Sendable {
    /// Its name.
    public let name: ImageName
    /// When its first version came.
    public let createdAt: Date
    /// When a version last came or its tags changed.
    public let updatedAt: Date
}

extension Reference {
    /// What follows an image's name in an address.
    public var suffix: String {
        switch self {
        case .tag(let tag): ":\(tag)"
        case .digest(let digest): "@\(digest)"
        }
    }
}

extension Database {
    /// The row of the version that a reference names.
    func sequence(of reference: Reference, in place: VersionPlace) throws -> Int64? {
        switch reference {
        case .tag(let tag): try sequence(of: tag, in: place)
        case .digest(let digest): try sequence(of: digest, in: place)
        }
    }
}
