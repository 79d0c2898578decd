import Foundation
import GRDB
import OCI

/// A manifest that says something about another one, such as a signature (OCI Distribution, Listing Referrers).
public struct Referrer: Encodable, Sendable {
    /// What it is.
    public let mediaType: String
    /// What it is known by.
    public let digest: String
    /// Of the manifest, in bytes.
    public let size: Int
    /// What kind of artifact it is.
    public let artifactType: String?
    /// What it says.
    public let annotations: [String: String]?
}

extension ImageStore {
    /// Referrers in a list at most.
    static let mostReferrers = 1_000
    /// What they may say together, in bytes: as much as a manifest has, which is what the list looks like.
    static let mostAnnotations = Manifest.longest

    /// What refers to a manifest, the first thousand, or as many of them as say no more than one manifest could.
    ///
    /// - Parameter artifactType: nil for those of every type.
    public func referrers(
        to subject: Digest, of image: ImageName, inRepository repository: String, artifactType: String?
    ) async throws -> [Referrer] {
        try await tables.pool.read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT mediaType, digest, length(body) AS size, artifactType, annotations FROM version
                    WHERE repository = ?1 AND image = ?2 AND subject = ?3 AND (?4 IS NULL OR artifactType = ?4)
                    ORDER BY digest LIMIT ?5
                    """,
                arguments: [repository, image.text, subject.description, artifactType, Self.mostReferrers]
            )
            var (found, bytes): ([Referrer], Int) = ([], 0)
            while let row = try rows.next() {
                let annotations: String? = row["annotations"]
                bytes += annotations?.utf8.count ?? 0
                guard bytes <= Self.mostAnnotations else { break }
                found.append(try Referrer(row, annotations))
            }
            return found
        }
    }
}

extension Referrer {
    fileprivate init(_ row: Row, _ annotations: String?) throws {
        self.init(
            mediaType: row["mediaType"], digest: row["digest"], size: row["size"], artifactType: row["artifactType"],
            annotations: try annotations.map {
                try JSONDecoder().decode([String: String].self, from: Data($0.utf8))
            })
    }
}
