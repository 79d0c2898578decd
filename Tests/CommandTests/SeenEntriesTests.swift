import Testing

@testable import landfall

@Suite("Entries of a log that is read again and again")
struct SeenEntriesTests {
    /// Reads a round of entries; the ids of those that are to be shown.
    private func round(_ seen: inout SeenEntries, _ entries: [(id: String, received: Int64)]) -> [String] {
        seen.beginRound()
        return entries.filter { entry in
            defer { seen.forgetOld() }
            return seen.admit(entry.id, received: entry.received)
        }.map(\.id)
    }

    @Test("are shown once, though later rounds bring them again")
    func once() {
        var seen = SeenEntries()
        let first = round(&seen, [("a", 100), ("b", 101)])
        #expect(first == ["a", "b"])
        #expect(seen.start == 91)
        let second = round(&seen, [("b", 101), ("late", 95), ("a", 100)])
        #expect(second == ["late"])
    }

    @Test("are not shown again when what is new pushes them out in the middle of a round")
    func longRound() {
        var seen = SeenEntries()
        let first = round(&seen, [("claims to be later", 100)])
        let second = round(&seen, [("new", 120), ("claims to be later", 100)])
        #expect(first + second == ["claims to be later", "new"])
        #expect(seen.start == 110)
    }
}
