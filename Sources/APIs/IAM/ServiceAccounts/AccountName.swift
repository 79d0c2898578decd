import Access
import Directory
import Methods

/// `projects/P/serviceAccounts/A`, where A is an address or a unique id and P any project: the account's own, `-` for
/// whichever it is in, or another, as gcloud says that of its configuration.
struct AccountName: Hashable, Sendable {
    /// As it was written.
    let text: String
    /// The address in lower case, or the unique id.
    let account: String
    /// The project as it was written: an id, a number or `-`.
    let project: String

    /// Reads a name.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    init(_ text: String, field: String) throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == "projects", parts[2] == "serviceAccounts", !parts[1].isEmpty,
            let account = Self.canonical(parts[3])
        else {
            throw ServiceError.invalidArgument(
                "'\(text.prefix(300))' names no service account: projects/PROJECT/serviceAccounts/ and its e-mail "
                    + "address or unique id.", field: field)
        }
        self.text = text
        self.account = account
        project = parts[1]
    }

    /// What access is checked on; `DirectoryState.located` finds the account.
    var resource: Resource { .serviceAccount(email: account, project: project) }

    private static func canonical(_ text: String) -> String? {
        let isNumber = (1...30).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber ? text : EmailAddress.canonical(text)
    }
}

extension DirectoryState {
    /// The account of a name, which the caller was found to have access to.
    ///
    /// - Throws: `NOT_FOUND`
    func account(_ name: AccountName) throws -> ServiceAccountRecord {
        guard let account = userAccount(name.account) else { throw ServiceError.noAccount(name.text) }
        return account
    }
}

extension ServiceError {
    /// An account that does not exist, said to somebody who could see it if it did.
    static func noAccount(_ name: String) -> ServiceError {
        .notFound("Service account \(name.prefix(300)) does not exist.")
    }
}

/// `projects/P`, by id or number.
enum ProjectName {
    /// What access is checked on.
    ///
    /// - Throws: `INVALID_ARGUMENT`
    static func resource(_ text: String, field: String) throws -> Resource {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "projects", !parts[1].isEmpty else {
            throw ServiceError.invalidArgument(
                "'\(text.prefix(300))' must be of the form projects/PROJECT.", field: field)
        }
        return .project(String(parts[1]))
    }
}

extension DirectoryState {
    /// The project of a resource, which the caller was found to have access to.
    func project(of resource: Resource) throws -> ProjectRecord {
        guard let project = resource.project.flatMap({ self.project($0) }) else {
            throw ServiceError.notFound("\(resource.path) does not exist.")
        }
        return project
    }
}
