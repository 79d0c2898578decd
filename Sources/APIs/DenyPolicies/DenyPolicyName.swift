import Access
import Methods

/// `policies/cloudresourcemanager.googleapis.com%2Fprojects%2Fdemo/denypolicies/no-keys`, taken apart.
struct DenyPolicyName {
    /// What the policies are attached to, as the request names it: a project by id or by number.
    var attachment: Resource
    /// `no-keys`; nil in the name of the collection.
    var id: String?

    /// Reads the name of a policy, of a collection, or of an operation on a policy.
    ///
    /// - Throws: `INVALID_ARGUMENT` for a name of another form.
    init(_ name: String, field: String) throws {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (3...4).contains(parts.count), parts[0] == "policies", !parts.contains("") else {
            throw Self.malformed(name, field: field)
        }
        guard parts[2] == "denypolicies" else {
            throw ServiceError.invalidArgument(
                "'\(parts[2].prefix(100))' is no kind of policy here: denypolicies.", field: field)
        }
        let path = parts[1].replacing("%2F", with: "/").replacing("%2f", with: "/")
        let prefix = "cloudresourcemanager.googleapis.com/"
        guard path.hasPrefix(prefix),
            let resource = Resource(
                service: "cloudresourcemanager.googleapis.com", path: String(path.dropFirst(prefix.count))),
            resource.kind.isContainer
        else { throw Self.malformed(name, field: field) }
        attachment = resource
        id = parts.count == 4 ? parts[3] : nil
    }

    /// The collection of what is attached to a resource, with the project's number.
    static func collection(of path: String) -> String {
        "policies/cloudresourcemanager.googleapis.com%2F\(path.replacing("/", with: "%2F"))/denypolicies"
    }

    private static func malformed(_ name: String, field: String) -> ServiceError {
        .invalidArgument(
            "'\(name.prefix(300))' must be of the form "
                + "policies/cloudresourcemanager.googleapis.com%2Fprojects%2FPROJECT/denypolicies/POLICY.",
            field: field)
    }
}
