import Access
import Methods
import Requests

/// `projects/demo/locations/us-central1/repositories/images`, and what may follow, taken apart.
struct RepositoryPath: Hashable, Sendable {
    /// With the project as the request says it.
    let repository: Resource
    /// What varies in what follows, decoded: the slashes of an image's name are written `%2F`.
    let words: [String]

    /// Reads a name.
    ///
    /// - Parameter shape: what must follow the repository, with `*` for what varies: `packages/*`.
    /// - Throws: `INVALID_ARGUMENT`
    init(_ name: String, followedBy shape: String = "", field: String) throws {
        let pattern = "projects/*/locations/*/repositories/*" + (shape.isEmpty ? "" : "/\(shape)")
        let parts = try ResourcePath(name, like: pattern, field: field).values
        repository = .repository(parts[2], location: parts[1], project: parts[0])
        words = parts.dropFirst(3).map { $0.removingPercentEncoding ?? $0 }
    }
}

extension AccessRule {
    /// A permission on the repository that a name in the request begins with.
    ///
    /// - Parameters:
    ///   - shape: what must follow the repository in the name.
    ///   - field: the path of the name in the request.
    static func inRepository(
        _ permission: Permission, followedBy shape: String = "", _ field: String,
        _ name: @escaping @Sendable (Request) -> String
    ) -> AccessRule {
        .permission(permission) { try RepositoryPath(name($0), followedBy: shape, field: field).repository }
    }
}
