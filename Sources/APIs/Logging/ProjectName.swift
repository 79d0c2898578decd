import Access
import Methods

/// Names of projects in requests: `projects/ID` or `projects/NUMBER`.
enum ProjectName {
    /// The most names of a request (Logging API).
    static let most = 100

    /// The id or number in a name.
    ///
    /// - Throws: `INVALID_ARGUMENT` for other resources: they have no logs here.
    static func parse(_ name: String, field: String) throws -> String {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "projects", !parts[1].isEmpty else {
            throw ServiceError.invalidArgument(
                "'\(name.prefix(300))' is not of the form projects/PROJECT; logs of organizations, folders, billing accounts "
                    + "and log views are not supported.", field: field)
        }
        return String(parts[1])
    }

    /// The ids of the projects that a request names; the caller may read the entries of each.
    ///
    /// - Throws: `INVALID_ARGUMENT` for none, too many or other names; `PERMISSION_DENIED`.
    static func readable(_ names: [String], _ call: Call) async throws -> [String] {
        guard (1...most).contains(names.count) else {
            throw ServiceError.invalidArgument(
                "resource_names has \(names.count) names; between 1 and \(most) are allowed.", field: "resource_names")
        }
        var ids: [String] = []
        for name in names {
            let id = try await allowed(parse(name, field: "resource_names"), LoggingService.list, call)
            if !ids.contains(id) { ids.append(id) }
        }
        return ids
    }

    /// The id of a project in which the service is enabled and the caller has the permission.
    static func allowed(_ idOrNumber: String, _ permission: Permission, _ call: Call) async throws -> String {
        let project = try await call.admit(permission, on: .project(idOrNumber), service: LoggingService.name)
        return project.project ?? idOrNumber
    }
}
