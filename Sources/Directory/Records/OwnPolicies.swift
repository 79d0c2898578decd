import Access

extension DirectoryDraft {
    /// Removes the policy of something that is no more: what is made later under its name begins without grants.
    public mutating func removePolicy(of resource: Resource) throws {
        if let record = state.policies[resource.fullName] { try remove(record) }
    }
}
