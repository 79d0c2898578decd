import Access
import Directory
import Methods
import Requests

/// A location of a project, both known to exist: what the names of jobs and operations begin with.
struct Place: Sendable {
    let project: ProjectRecord
    let region: Region

    /// `projects/demo/locations/us-central1`, with the project's id.
    var name: String { "projects/\(project.id)/locations/\(region.name)" }
}

extension BatchContext {
    /// The project that a request names.
    ///
    /// - Throws: `NOT_FOUND`
    func project(_ idOrNumber: String) async throws -> ProjectRecord {
        guard let project = try await directory.project(idOrNumber) else {
            throw ServiceError.notFound("Project '\(idOrNumber.excerpt)' not found.")
        }
        return project
    }

    /// The place that a request names by project and location.
    ///
    /// - Throws: `NOT_FOUND`
    func place(project: String, location: String) async throws -> Place {
        let project = try await self.project(project)
        return Place(project: project, region: try Region.named(location))
    }
}

extension AccessRule {
    /// Batch checks its permissions on the project; refusals name the location within it.
    ///
    /// - Parameters:
    ///   - field: the request's field that holds a name beginning with `projects/*/locations/*`.
    ///   - name: takes that field out of the request.
    static func inLocation(_ permission: Permission, _ field: String, _ name: @escaping @Sendable (Request) -> String)
        -> AccessRule
    {
        .permission(permission) { request in
            let name = name(request)
            let slashes = name.utf8.indices.lazy.filter { name.utf8[$0] == UInt8(ascii: "/") }
            let head = slashes.dropFirst(3).first.map { String(name[..<$0]) } ?? name
            let path = try ResourcePath(head, like: "projects/*/locations/*", field: field)
            return .other(service: BatchAPI.service, path: head, project: path.values[0])
        }
    }
}
