import Methods

/// A name under a user: `users/alice@example.com`, `users/U/sshPublicKeys/FINGERPRINT`, `users/U/projects/P`.
struct UserName {
    /// The e-mail address or number of the user.
    let user: String
    /// What follows the collection; empty for the user alone.
    let id: String

    /// Reads a name.
    ///
    /// - Parameter collection: what stands between the user and the id: `projects`; nil for a user's name alone.
    /// - Throws: `INVALID_ARGUMENT`
    init(_ name: String, collection: String? = nil, field: String = "name") throws {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isComplete = parts.count == (collection == nil ? 2 : 4) && parts.allSatisfy { !$0.isEmpty }
        guard isComplete, parts[0] == "users", collection == nil || parts[2] == collection ?? "" else {
            let pattern = "users/USER" + (collection.map { "/\($0)/ID" } ?? "")
            throw ServiceError.invalidArgument(
                "'\(name.prefix(200))' is not a name of the form \(pattern).", field: field)
        }
        user = String(parts[1])
        id = collection == nil ? "" : String(parts[3])
    }
}
