import Access
import Directory
import Methods
import OCI
import Registry

/// An image of a repository, as requests name it: `…/repositories/images/packages/team%2Freport`.
struct StoredPackage: Sendable {
    let repository: RepositoryRecord
    let image: ImageName

    /// What the names of its versions and tags begin with, with the project's id.
    var name: String { Self.name(image, in: repository) }

    static func name(_ image: ImageName, in repository: RepositoryRecord) -> String {
        "\(repository.resource.path)/packages/\(image.text.replacing("/", with: "%2F"))"
    }
}

extension Repositories {
    /// The image that a path names first; it need not have versions.
    ///
    /// - Throws: `NOT_FOUND`
    func package(_ path: RepositoryPath) throws -> StoredPackage {
        let repository = try repository(path.repository)
        guard let word = path.words.first, let image = ImageName(word) else {
            throw ServiceError.notFound("There is no package '\((path.words.first ?? "").prefix(300))'.")
        }
        return StoredPackage(repository: repository, image: image)
    }

    /// The digest that a path names last.
    ///
    /// - Throws: `NOT_FOUND`
    func digest(_ path: RepositoryPath) throws -> Digest {
        guard let word = path.words.last, let digest = Digest(word) else {
            throw ServiceError.notFound("There is no version '\((path.words.last ?? "").prefix(300))'.")
        }
        return digest
    }
}
