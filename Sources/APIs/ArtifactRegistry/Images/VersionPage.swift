import Directory
import Methods
import OCI
import Registry
import Requests

/// A page of a list of versions, in the order of images and digests.
struct VersionPage: Sendable {
    let versions: [ImageVersion]
    /// For the next page; empty on the last one.
    let nextToken: String
    private let paging: Paging<Position>

    private struct Position: Codable {
        let image: String
        let digest: String

        init(_ version: ImageVersion) {
            image = version.image.text
            digest = version.digest.description
        }
    }

    /// - Parameter image: nil for the versions of all images.
    /// - Throws: `INVALID_ARGUMENT` for a wrong size or token.
    init(
        of image: ImageName?, in repository: RepositoryRecord, images: ImageStore, size: Int32, token: String
    ) async throws {
        let paging = try Paging(
            size: size, token: token, boundTo: [repository.uid, image?.text ?? "*"], cursor: Position.self)
        let found = try await images.versions(
            inRepository: repository.uid, of: image, after: paging.cursor.map { ($0.image, $0.digest) },
            limit: paging.size + 1)
        let page = try paging.page(of: found, by: Position.init)
        versions = page.items
        nextToken = page.nextToken
        self.paging = paging
    }

    /// The token for a page that begins after one of the versions.
    func token(after version: ImageVersion) throws -> String { try paging.token(after: Position(version)) }
}
