import Access
import Methods

/// What pools lie in: `projects/P/locations/global`, or the organization beside `locations/global`.
enum PoolParent {
    /// The location of a project.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    static func location(_ text: String, field: String = "parent") throws -> Resource {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "projects", parts[1] != "", parts[2] == "locations", parts[3] == "global"
        else {
            throw ServiceError.invalidArgument(
                "'\(text.prefix(300))' must be of the form projects/PROJECT/locations/global.", field: field)
        }
        return .other(service: IdentityPoolsAPI.service, path: text, project: String(parts[1]))
    }

    /// An organization.
    ///
    /// - Parameter location: must be `locations/global`.
    /// - Throws: `INVALID_ARGUMENT`
    static func organization(_ text: String, location: String, field: String) throws -> Resource {
        guard location == "locations/global" else {
            throw ServiceError.invalidArgument(
                "'\(location.prefix(300))' must be locations/global: workforce pools have no other location.",
                field: "location")
        }
        let resource = Resource(service: "cloudresourcemanager.googleapis.com", path: text)
        guard case .organization? = resource, let resource else {
            throw ServiceError.invalidArgument(
                "'\(text.prefix(300))' must be of the form organizations/NUMBER.", field: field)
        }
        return resource
    }
}
