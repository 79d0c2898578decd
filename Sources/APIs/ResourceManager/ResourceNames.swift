import Access
import Methods

/// The resources that names in requests mean.
enum ResourceNames {
    /// `demo` or `123456789012`.
    static func project(id: String, field: String) throws -> Resource {
        guard !id.isEmpty, !id.contains("/") else {
            throw ServiceError.invalidArgument("'\(id)' is not the id or number of a project.", field: field)
        }
        return .project(id)
    }

    /// `projects/demo` or `projects/123456789012`.
    static func project(_ name: String, field: String) throws -> Resource {
        try project(id: child(of: "projects", in: name, field: field), field: field)
    }

    /// `organizations/987654321098`.
    static func organization(_ name: String, field: String) throws -> Resource {
        .organization(try child(of: "organizations", in: name, field: field))
    }

    /// `folders/123456789012`.
    static func folder(_ name: String, field: String) throws -> Resource {
        .folder(try child(of: "folders", in: name, field: field))
    }

    /// `123456789012` of `folders/123456789012`, in a name that was read before.
    static func lastPart(_ name: String) -> String { String(name.split(separator: "/").last ?? "") }

    /// What projects can lie in: an organization or a folder.
    static func parent(_ name: String, field: String) throws -> Resource {
        if name.hasPrefix("folders/") { return .folder(try child(of: "folders", in: name, field: field)) }
        return try organization(name, field: field)
    }

    private static func child(of collection: String, in name: String, field: String) throws -> String {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == collection, !parts[1].isEmpty else {
            throw ServiceError.invalidArgument("'\(name)' must be of the form \(collection)/ID.", field: field)
        }
        return String(parts[1])
    }
}
