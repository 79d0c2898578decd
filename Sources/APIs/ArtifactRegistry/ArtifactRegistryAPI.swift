import Access
import Directory
import Methods
import PolicyAPI
import Registry

/// Repositories of images, and what is in them: `google.devtools.artifactregistry.v1.ArtifactRegistry`.
///
/// Images are pulled and pushed by another protocol: see `DockerRegistry`.
public enum ArtifactRegistryAPI {
    static let service = "artifactregistry.googleapis.com"
    static let name = "google.devtools.artifactregistry.v1.ArtifactRegistry"

    /// The API over a directory and a store of images.
    public static func api(directory: Directory, images: ImageStore) -> API {
        let repositories = Repositories(directory: directory, images: images)
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
