import Access

// What becomes of the places that name somebody who is deleted.

extension DirectoryDraft {
    /// Puts the tombstone of a deleted member in its place in every policy, and takes it out of every group.
    ///
    /// - Parameter uid: its unique id, in digits.
    mutating func bury(_ member: Member, uid: String) throws {
        for record in state.policies.all {
            if let policy = record.policy.burying(member, uid: uid) { try setPolicy(policy, of: record.resource) }
        }
        for var group in state.groups.all where group.members.remove(member.text) != nil { try put(group) }
    }

    /// Puts an undeleted member in the place of its tombstone in every policy.
    mutating func revive(_ tombstone: Tombstone) throws {
        for record in state.policies.all {
            if let policy = record.policy.reviving(tombstone) { try setPolicy(policy, of: record.resource) }
        }
    }
}
