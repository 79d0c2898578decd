import Access
import Methods
import Requests

/// `projects/demo/secrets/password`, and the name of a version of it, taken apart.
struct SecretName: Hashable, Sendable {
    /// As the request says it: by id or by number.
    let project: String
    /// `password`
    let id: String
    /// `3`, `latest` or an alias; nil in the name of a secret.
    let version: String?

    /// Reads a name.
    ///
    /// - Parameter hasVersion: whether it is that of a version.
    /// - Throws: `INVALID_ARGUMENT`
    init(_ name: String, hasVersion: Bool = false, field: String) throws {
        let pattern = "projects/*/secrets/*" + (hasVersion ? "/versions/*" : "")
        let parts = try ResourcePath(name, like: pattern, field: field).values
        project = parts[0]
        id = parts[1]
        version = hasVersion ? parts[2] : nil
    }

    /// The number of a version, in the one form that it has: a condition of a policy may name it, and must not be got
    /// around by `+1` or `01`.
    static func number(_ version: String) -> Int64? {
        Int64(version).flatMap { "\($0)" == version ? $0 : nil }
    }

    /// The secret.
    var secret: Resource { .secret(id, project: project) }

    /// What access is checked on: the version, for a condition may name it.
    var resource: Resource {
        guard let version else { return secret }
        return .other(
            service: SecretManagerAPI.service, path: "\(secret.path)/versions/\(version)", project: project)
    }

    /// Makes sure that a new secret may be called so.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    static func check(id: String, field: String) throws {
        let isFit = id.utf8.allSatisfy {
            ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == ASCII.hyphen || $0 == ASCII.underscore
        }
        guard isFit, (1...255).contains(id.utf8.count) else {
            throw ServiceError.invalidArgument(
                "'\(id.prefix(100))' is not the id of a secret: 1 to 255 letters, digits, '-' and '_'.", field: field)
        }
    }
}

extension AccessRule {
    /// A permission on the secret that the request names.
    static func onSecret(
        _ permission: Permission, _ field: String, _ name: @escaping @Sendable (Request) -> String
    ) -> AccessRule {
        .permission(permission) { try SecretName(name($0), field: field).resource }
    }

    /// A permission on the version that the request names.
    static func onVersion(
        _ permission: Permission, _ name: @escaping @Sendable (Request) -> String
    ) -> AccessRule {
        .permission(permission) { try SecretName(name($0), hasVersion: true, field: "name").resource }
    }
}
