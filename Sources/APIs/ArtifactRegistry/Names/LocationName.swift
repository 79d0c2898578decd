import Access
import Methods

/// `projects/demo/locations/us-central1`, taken apart.
struct LocationName: Hashable, Sendable {
    /// As the request says it: by id or by number.
    var project: String
    var location: String

    /// Reads a name.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    init(_ name: String, field: String) throws {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == "projects", parts[2] == "locations", !parts.contains(""),
            name.utf8.count <= 1_024
        else {
            throw ServiceError.invalidArgument(
                "'\(name.prefix(300))' must be of the form projects/PROJECT/locations/LOCATION.", field: field)
        }
        project = parts[1]
        location = parts[3]
    }

    /// What access is checked on.
    var resource: Resource {
        .other(
            service: ArtifactRegistryAPI.service, path: "projects/\(project)/locations/\(location)", project: project)
    }
}
