import Access

extension DirectoryDraft {
    /// Deletes a group: other groups lose it, and policies keep its tombstone, which grants nothing to another group of
    /// the same address.
    public mutating func deleteGroup(_ group: GroupRecord) throws {
        try bury(.group(group.address), uid: group.uniqueID)
        try remove(group)
    }
}
