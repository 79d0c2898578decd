/// Values by member, for looking many members up in many tables: most are in few of them, and a member that is not
/// there costs one look at a number.
struct IdentityTable<Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        let identity: Identity
        var value: Value
        /// The entry of another member with the same fingerprint, before this one.
        let previous: Int?
    }

    private var entries: [Entry] = []
    /// The last entry of each fingerprint.
    private var slots: [Int: Int] = [:]

    /// The value of a member; nil when it is not there.
    @inline(__always)
    subscript(identity: Identity) -> Value? {
        guard let slot = slots[identity.fingerprint] else { return nil }
        return index(of: identity, from: slot).map { entries[$0].value }
    }

    /// Whether a member with this fingerprint can be there.
    @inline(__always)
    func mayContain(_ fingerprint: Int) -> Bool { slots[fingerprint] != nil }

    /// Changes the value of a member, which is made when it is not there.
    mutating func change(_ identity: Identity, default value: @autoclosure () -> Value, _ body: (inout Value) -> Void) {
        let slot = slots[identity.fingerprint]
        if let index = slot.flatMap({ index(of: identity, from: $0) }) { return body(&entries[index].value) }
        var value = value()
        body(&value)
        slots[identity.fingerprint] = entries.count
        entries.append(Entry(identity: identity, value: value, previous: slot))
    }

    private func index(of identity: Identity, from slot: Int) -> Int? {
        var slot: Int? = slot
        while let index = slot {
            if entries[index].identity.member == identity.member { return index }
            slot = entries[index].previous
        }
        return nil
    }
}
