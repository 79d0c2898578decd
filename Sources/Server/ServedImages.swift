import CloudRun
import Directory
import OCI
import Registry

/// The images in the repositories of this server, as jobs name them.
struct ServedImages: ImageCatalogue {
    let store: ImageStore
    let directory: Directory
    /// The domain under which the APIs answer beside `googleapis.com`.
    let universe: String

    func location(of image: String) -> ImageLocation? {
        ImageLocation(image, domains: ["pkg.dev", "pkg.\(universe)"])
    }

    func contains(_ image: ImageLocation) async throws -> Bool {
        guard let resource = directory.state.located(image.repository),
            let repository = directory.state.repositories[resource.fullName],
            let name = ImageName(image.package), let reference = Reference(image.version)
        else { return false }
        return try await store.version(reference, of: name, inRepository: repository.uid) != nil
    }
}

extension Reference {
    fileprivate init?(_ version: ImageLocation.Version) {
        switch version {
        case .tag(let text): self.init(text)
        case .digest(let text):
            guard let digest = Digest(text) else { return nil }
            self = .digest(digest)
        }
    }
}
