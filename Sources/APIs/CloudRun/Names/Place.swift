import Directory
import Methods
import Requests

/// A location of a project, both known to exist: what the names of jobs and operations begin with.
struct Place: Hashable, Sendable {
    let project: String
    let projectNumber: String
    let region: String

    /// `projects/demo/locations/us-central1`, with the project's id.
    var name: String { "projects/\(project)/locations/\(region)" }
}

extension CloudRunContext {
    /// The project that a request names.
    ///
    /// - Throws: `NOT_FOUND`
    func project(_ idOrNumber: String) throws -> ProjectRecord {
        guard let project = directory.state.project(idOrNumber) else {
            throw ServiceError.notFound("Project '\(idOrNumber.excerpt)' not found.")
        }
        return project
    }

    /// The place that a request names by project and location.
    ///
    /// - Throws: `NOT_FOUND`
    func place(project: String, location: String) throws -> Place {
        let project = try self.project(project)
        return Place(
            project: project.id, projectNumber: project.number, region: try Region.named(location).name)
    }
}
