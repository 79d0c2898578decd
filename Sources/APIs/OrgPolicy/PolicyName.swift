import Access
import Methods

/// `projects/demo/policies/iam.disableServiceAccountCreation`, taken apart.
struct PolicyName {
    /// As the request names it: its project by id or by number.
    var resource: Resource
    /// `iam.disableServiceAccountCreation`
    var constraint: String

    /// - Throws: `INVALID_ARGUMENT` for a name of another form.
    init(_ name: String, field: String) throws {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[2] == "policies", !parts[3].isEmpty else {
            throw ServiceError.invalidArgument(
                "'\(name.prefix(300))' must be of the form projects/PROJECT/policies/CONSTRAINT.", field: field)
        }
        resource = try Self.resource(parts[0...1].joined(separator: "/"), field: field)
        constraint = String(parts[3])
    }

    /// The organization, folder or project of a name such as `folders/123456789012`.
    ///
    /// - Throws: `INVALID_ARGUMENT` for a name of another form.
    static func resource(_ name: String, field: String) throws -> Resource {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, !parts[1].isEmpty {
            switch parts[0] {
            case "organizations": return .organization(parts[1])
            case "folders": return .folder(parts[1])
            case "projects": return .project(parts[1])
            default: break
            }
        }
        throw ServiceError.invalidArgument(
            "'\(name.prefix(300))' must be of the form organizations/ID, folders/ID or projects/ID.", field: field)
    }
}
