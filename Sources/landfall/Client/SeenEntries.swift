/// Which entries of a log were shown already, while the log is read again and again from a while before its newest.
///
/// The entries come in the order of times that they claim for themselves; what is new is told by when the server
/// received them. In a round each entry comes once.
struct SeenEntries {
    /// Entries are not always readable in the order in which they were received; none is late by more seconds.
    private static let overlap: Int64 = 10

    /// When the newest entry was received, in seconds since 1970.
    private var newest: Int64?
    /// The same of the entries that the next round may bring again, by their ids.
    private var recent: [String: Int64] = [:]
    /// What earlier rounds have shown.
    private var known: [String: Int64] = [:]

    /// From when on the next round is to ask, in seconds since 1970; nil: from the beginning.
    var start: Int64? { newest.map { $0 - Self.overlap } }

    /// Begins another round.
    mutating func beginRound() {
        known = recent
    }

    /// Whether an entry is to be shown, which is remembered.
    mutating func admit(_ id: String, received: Int64) -> Bool {
        guard known[id] == nil else { return false }
        recent[id] = received
        newest = max(newest ?? received, received)
        return true
    }

    /// Forgets what no later round will bring again; a round that is long calls this now and then.
    mutating func forgetOld() {
        guard let start else { return }
        recent = recent.filter { $0.value >= start }
    }
}
