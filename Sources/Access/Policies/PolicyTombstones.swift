// When a person, service account or group is deleted, policies name its tombstone instead of its address.
//
// The alternative is to remember beside each address which account was meant, and to look that up whenever a policy is
// read or evaluated. Written into the policy, the deletion changes its etag: who read the policy before it cannot write
// the address back and so grant a later account of the same address what the deleted one had. And a policy always means
// what it says.

extension Policy {
    /// The policy after a member was deleted: its grants become the tombstone's. Nil when it is not named.
    ///
    /// - Parameters:
    ///   - member: a person, service account or group.
    ///   - uid: its unique id, in digits.
    public func burying(_ member: Member, uid: String) -> Policy? {
        guard let tombstone = Member(deleting: member, uid: uid) else { return nil }
        return replacing(member.text, with: tombstone.text)
    }

    /// The policy after a member was undeleted: the tombstone's grants are its own again. Nil when there are none.
    public func reviving(_ tombstone: Tombstone) -> Policy? {
        replacing(Member.deleted(tombstone).text, with: tombstone.living.text)
    }

    private func replacing(_ old: String, with new: String) -> Policy? {
        var policy = self
        for index in policy.bindings.indices { policy.bindings[index].members.replace(old, with: new) }
        for index in policy.auditConfigs.indices {
            for log in policy.auditConfigs[index].logs.indices {
                policy.auditConfigs[index].logs[log].exemptedMembers.replace(old, with: new)
            }
        }
        return policy == self ? nil : policy
    }
}

extension [String] {
    /// Puts one text in the place of another, once.
    fileprivate mutating func replace(_ old: String, with new: String) {
        guard let index = firstIndex(of: old) else { return }
        if contains(new) { remove(at: index) } else { self[index] = new }
    }
}
