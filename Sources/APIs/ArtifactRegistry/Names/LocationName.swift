import Access
import Methods
import Requests

/// `projects/demo/locations/us-central1`, taken apart.
struct LocationName: Hashable, Sendable {
    /// As the request says it: by id or by number.
    var project: String
    var location: String

    /// Reads a name.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    init(_ name: String, field: String) throws {
        let parts = try ResourcePath(name, like: "projects/*/locations/*", field: field).values
        project = parts[0]
        location = parts[1]
    }

    /// What access is checked on.
    var resource: Resource {
        .other(
            service: ArtifactRegistryAPI.service, path: "projects/\(project)/locations/\(location)", project: project)
    }
}
