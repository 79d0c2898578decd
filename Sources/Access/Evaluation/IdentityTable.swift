/// Numbers of members, for looking many members up in many tables: most are in few of them, and one that is not there
/// costs a look at one place in memory, however many others there are.
///
/// An open hash table: the members' fingerprints are hashes already.
struct IdentityTable: Sendable {
    private struct Slot: Sendable {
        var fingerprint: Int
        /// The member's number; -1 for an empty slot.
        var number: Int
    }

    /// A power of two of them, more than half of them empty.
    private var slots: [Slot] = Array(repeating: Slot(fingerprint: 0, number: -1), count: 8)
    /// By number.
    private(set) var identities: [Identity] = []

    /// The number of a member; nil when it is not there, or does not matter.
    func number(of identity: Identity, where matters: (Int) -> Bool = { _ in true }) -> Int? {
        var position = identity.fingerprint & (slots.count - 1)
        while slots[position].number >= 0 {
            let slot = slots[position]
            if slot.fingerprint == identity.fingerprint, matters(slot.number),
                identities[slot.number].member == identity.member
            {
                return slot.number
            }
            position = (position + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Whether there is a member with this fingerprint that matters.
    @inline(__always)
    func mayContain(_ fingerprint: Int, where matters: (Int) -> Bool) -> Bool {
        var position = fingerprint & (slots.count - 1)
        while slots[position].number >= 0 {
            if slots[position].fingerprint == fingerprint, matters(slots[position].number) { return true }
            position = (position + 1) & (slots.count - 1)
        }
        return false
    }

    /// Adds a member, unless it is there.
    ///
    /// - Returns: its number, which is the count of those before it when it is new.
    mutating func insert(_ identity: Identity) -> Int {
        if let number = number(of: identity) { return number }
        if (identities.count + 1) * 2 > slots.count { grow() }
        place(Slot(fingerprint: identity.fingerprint, number: identities.count))
        identities.append(identity)
        return identities.count - 1
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(fingerprint: 0, number: -1), count: old.count * 2)
        for slot in old where slot.number >= 0 { place(slot) }
    }

    private mutating func place(_ slot: Slot) {
        var position = slot.fingerprint & (slots.count - 1)
        while slots[position].number >= 0 { position = (position + 1) & (slots.count - 1) }
        slots[position] = slot
    }
}
