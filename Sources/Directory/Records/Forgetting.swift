import Access
import FoundationEssentials

// Deleted accounts, roles and pools go for good by themselves, also where nobody writes anything.

extension DirectoryDraft {
    /// Removes the accounts, the roles, and the pools with their providers and subjects that nobody can take up again.
    public mutating func forgetDeleted(at now: Date) throws {
        let owners = state.serviceAccounts.all.lazy.filter { $0.deletedAt != nil }.map(\.project)
        for project in Set(owners).sorted() { try forgetAccounts(ofProject: project, at: now) }
        let parents = state.roles.all.lazy.filter { $0.standing(at: now) == .gone }.map(\.name.parent)
        for parent in Set(parents).sorted(by: { $0.path < $1.path }) { try forgetRoles(of: parent, at: now) }
        try forgetPools(at: now)
    }
}

extension Directory {
    /// Removes what nobody can take up again, as `forgetDeleted` does, at once and then every day, until its task is
    /// cancelled.
    ///
    /// - Parameter failed: told of each purge that did not work; the next one tries again.
    public func purgeRegularly(failed: @Sendable (any Error) -> Void) async {
        while !Task.isCancelled {
            do {
                try await change { try $0.forgetDeleted(at: Date()) }
            } catch {
                failed(error)
            }
            try? await Task.sleep(for: .seconds(86_400))
        }
    }
}
