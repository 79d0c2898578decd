import Foundation
import GRDB
import OCI

/// A manifest within an image, as lists show it.
public struct ImageVersion: Sendable {
    /// The image.
    public let image: ImageName
    /// What it is known by.
    public let digest: Digest
    /// What it is.
    public let mediaType: String
    /// What kind of artifact it is, if it is no image of a container.
    public let artifactType: String?
    /// All that it consists of, in bytes.
    public let size: Int64
    /// When it was built, as its configuration says.
    public let builtAt: Date?
    /// When it was first sent here.
    public let createdAt: Date
    /// When it was last sent, or its tags changed.
    public let updatedAt: Date
    /// Its tags, sorted.
    public let tags: [String]

    /// What is fetched for it, of `version`.
    static let columns = """
        version.sequence, version.image, version.digest, version.mediaType, version.artifactType, version.size,
        version.builtAt, version.createdAt, version.updatedAt,
        (SELECT json_group_array(name) FROM (SELECT name FROM tag WHERE tag.version = version.sequence ORDER BY name))
            AS tags
        """

    /// Nil for a row that no registry wrote.
    init?(_ row: Row) throws {
        guard let image = ImageName(row["image"]), let digest = Digest(row["digest"]) else { return nil }
        self.image = image
        self.digest = digest
        mediaType = row["mediaType"]
        artifactType = row["artifactType"]
        size = row["size"]
        let built: Double? = row["builtAt"]
        builtAt = built.map(Date.init(timeIntervalSinceReferenceDate:)).flatMap(BuildTime.plausible)
        createdAt = Date(timeIntervalSinceReferenceDate: row["createdAt"])
        updatedAt = Date(timeIntervalSinceReferenceDate: row["updatedAt"])
        tags = try JSONDecoder().decode([String].self, from: Data((row["tags"] as String).utf8))
    }
}

/// A manifest, to be sent to clients.
public struct StoredManifest: Sendable {
    /// What it is known by.
    public let digest: Digest
    /// What it is.
    public let mediaType: String
    /// The bytes, as they once came.
    public let body: Data
}
