import Access
import Methods
import Requests

extension AccessRule {
    /// A permission on what a request names: a job, what belongs to one, or a place.
    ///
    /// - Parameters:
    ///   - pattern: what the name looks like.
    ///   - field: the request's field that holds it.
    static func onRun(
        _ permission: Permission, _ pattern: String, _ field: String = "name",
        _ name: @escaping @Sendable (Request) -> String
    ) -> AccessRule {
        .permission(permission) { try CloudRunAPI.resource(name($0), pattern, field) }
    }
}

extension CloudRunAPI {
    /// What a name stands for.
    ///
    /// - Throws: `INVALID_ARGUMENT` when it does not look like the pattern.
    static func resource(_ name: String, _ pattern: String, _ field: String) throws -> Resource {
        let project = try ResourcePath(name, like: pattern, field: field).values[0]
        return Resource(service: service, path: name) ?? .other(service: service, path: name, project: project)
    }
}
