import Access
import Directory
import Methods
import PolicyAPI
import Registry
import Requests

/// Repositories of images, and what is in them: `google.devtools.artifactregistry.v1.ArtifactRegistry`.
///
/// Images are pulled and pushed by another protocol: see `DockerRegistry`.
public enum ArtifactRegistryAPI {
    static let service = "artifactregistry.googleapis.com"
    static let name = "google.devtools.artifactregistry.v1.ArtifactRegistry"

    /// Places that are no regions: repositories can be there as well.
    static let multiRegions = ["asia", "europe", "us"]

    /// The API over a directory and a store of images.
    ///
    /// - Parameter registryDomain: what follows `LOCATION-docker.` in the addresses of images: `pkg.dev`.
    public static func api(
        directory: Directory, images: ImageStore, registryDomain: String = "pkg.dev"
    ) -> API {
        let repositories = Repositories(
            directory: directory, images: images, locations: (multiRegions + Region.all.map(\.name)).sorted(),
            registryDomain: registryDomain)
        let policies = PolicyMethods(directory: directory, service: service, mustBeEnabled: true)
        let rows = PolicyMethods.Rows(
            name, at: "/v1/{resource=projects/*/locations/*/repositories/*}", reading: .get,
            permissions: "artifactregistry.repositories",
            resource: { try RepositoryPath($0, field: "resource").repository })
        return API(
            service: service, title: "Artifact Registry API",
            methods: RepositoryMethods(repositories: repositories).methods
                + RepositoryOperations(repositories: repositories).methods
                + DockerImageMethods(repositories: repositories).methods
                + PackageMethods(repositories: repositories).methods
                + VersionMethods(repositories: repositories).methods
                + TagMethods(repositories: repositories).methods
                + RegistryLocations(repositories: repositories).methods
                + policies.methods(rows))
    }
}
