import Access
import Methods
import Registry

/// `projects/demo/locations/us-central1/repositories/images`, and what may follow, taken apart.
struct RepositoryPath: Hashable, Sendable {
    /// With the project as the request says it.
    let repository: Resource
    /// What follows: `packages`, `report`, `tags`, `latest`.
    let rest: [String]

    /// Reads a name.
    ///
    /// - Parameter shape: what must follow the repository, with `*` for what varies: `packages/*`.
    /// - Throws: `INVALID_ARGUMENT`
    init(_ name: String, followedBy shape: String = "", field: String) throws {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let shape = shape.split(separator: "/").map(String.init)
        guard parts.count == 6 + shape.count, !parts.contains(""), name.utf8.count <= 1_024, parts[0] == "projects",
            parts[2] == "locations", parts[4] == "repositories",
            zip(parts.dropFirst(6), shape).allSatisfy({ $1 == "*" || $0 == $1 })
        else {
            let form = (["projects/*/locations/*/repositories/*"] + shape).joined(separator: "/")
            throw ServiceError.invalidArgument("'\(name.prefix(300))' must be of the form \(form).", field: field)
        }
        repository = .repository(parts[5], location: parts[3], project: parts[1])
        rest = Array(parts.dropFirst(6))
    }

    /// What varies in what follows, decoded: the slashes of an image's name are written `%2F`.
    var words: [String] {
        stride(from: 1, to: rest.count, by: 2).map { rest[$0].removingPercentEncoding ?? rest[$0] }
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
