import Foundation
import OCI

/// A manifest that an index names, for one platform.
public struct IndexChild: Sendable {
    /// What it is known by.
    public let digest: Digest
    /// What it is.
    public let mediaType: String
    /// What it runs on.
    public let platform: Platform?
}

extension ImageStore {
    /// The children of an index; none of another version.
    ///
    /// - Throws: `RegistryError.noManifest`
    public func children(of version: ImageVersion, inRepository repository: String) async throws -> [IndexChild] {
        guard MediaType(rawValue: version.mediaType)?.isIndex == true else { return [] }
        let stored = try await manifest(.digest(version.digest), of: version.image, inRepository: repository)
        return try Manifest(stored.body, contentType: stored.mediaType).children.map {
            IndexChild(digest: $0.digest, mediaType: $0.mediaType, platform: $0.platform)
        }
    }
}
