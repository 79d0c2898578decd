import Access

extension DirectoryStore {
    /// The service account of an e-mail address, with its project.
    ///
    /// - Returns: nil when there is none: so far only each project's default service account exists.
    public func serviceAccount(_ email: String) async throws -> Resource? {
        let number = email.prefix { $0 != "-" }
        guard let project = try await project(String(number)), project.defaultServiceAccount == email else {
            return nil
        }
        return .serviceAccount(email: email, project: project.id)
    }
}
