import CloudRun
import Directory
import Registry
import Requests

/// The images in the repositories of this server, as jobs name them.
struct ServedImages: ImageCatalogue {
    let store: ImageStore
    let directory: Directory
    let hosts: RegistryHosts

    func location(of image: String) -> ImageLocation? { ImageLocation(image, at: hosts) }

    func contains(_ image: ImageLocation) async throws -> Bool {
        guard let resource = directory.state.located(image.repository),
            let repository = directory.state.repositories[resource.fullName]
        else { return false }
        return try await store.version(image.version, of: image.name, inRepository: repository.uid) != nil
    }
}
