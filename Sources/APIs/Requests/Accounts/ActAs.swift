import Access
import Directory
import Methods

extension Call {
    /// Makes sure that the caller may attach a service account to something of a project. It is checked on the account
    /// itself, by the policies of wherever that belongs.
    ///
    /// A request names no project of an account. A hyphen stands for that of one which is not this project's by its
    /// address, so that a refusal says the same of an account that does not exist.
    ///
    /// - Parameters:
    ///   - email: in lower case.
    ///   - project: what the account is to be attached to something of.
    ///   - denial: the error for a refusal.
    public func requireActAs(
        _ email: String, in project: ProjectRecord, orThrow denial: (Denial) -> ServiceError
    ) async throws {
        let isOwn = email == project.defaultServiceAccount || email.hasSuffix("@\(project.id).iam.gserviceaccount.com")
        try await admit(
            "iam.serviceAccounts.actAs", on: .serviceAccount(email: email, project: isOwn ? project.id : "-"),
            service: nil, in: RequestContext(time: time, attachingIn: project.id), orThrow: denial)
    }
}
