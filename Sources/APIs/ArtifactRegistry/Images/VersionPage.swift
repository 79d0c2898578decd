import Directory
import Methods
import OCI
import Registry

/// A page of a list of versions, in the order of images and digests.
struct VersionPage: Sendable {
    let versions: [ImageVersion]
    /// For the next page; empty on the last one.
    let nextToken: String

    private struct Position: Codable {
        let image: String
        let digest: String
    }

    /// - Parameter image: nil for the versions of all images.
    /// - Throws: `INVALID_ARGUMENT` for a wrong size or token.
    init(
        of image: ImageName?, in repository: RepositoryRecord, images: ImageStore, size: Int32, token: String
    ) async throws {
        let scope = [repository.uid, image?.text ?? "*"]
        let last = try PageToken.read(token, as: Position.self, scope: scope)
        let limit = try PageSize.read(size, default: 100, maximum: 1_000)
        let found = try await images.versions(
            inRepository: repository.uid, of: image, after: last.map { ($0.image, $0.digest) }, limit: limit + 1)
        versions = Array(found.prefix(limit))
        let end = found.count > limit ? versions.last : nil
        nextToken =
            try end.map {
                try PageToken.make(
                    after: Position(image: $0.image.text, digest: $0.digest.description), scope: scope)
            } ?? ""
    }
}
