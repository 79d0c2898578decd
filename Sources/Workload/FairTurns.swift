/// Whose turn it is to start something: of those who wait, whoever holds the least of what there is; among equals,
/// whoever has waited longest since they last got something.
///
/// What somebody holds is measured by their dominant share: the greater of their parts of the processors and of the
/// memory (dominant resource fairness).
public struct FairTurns: Sendable {
    private struct Rank: Comparable, Sendable {
        let share: Double
        let since: UInt64

        static func < (one: Rank, other: Rank) -> Bool {
            one.share == other.share ? one.since < other.since : one.share < other.share
        }
    }

    private struct Holder: Sendable {
        var held = Resources(cpuMilli: 0, memoryMiB: 0)
        /// When they last got something, or began to wait.
        var since: UInt64 = 0
    }

    /// What there is to share.
    public private(set) var total: Resources
    private var holders: [String: Holder] = [:]
    private var waiting = RankedSet<String, Rank>()
    private var time: UInt64 = 0

    /// Turns at what nobody holds anything of yet.
    public init(total: Resources) {
        self.total = total
    }

    /// Whose turn it is; nil when nobody waits.
    public var next: String? { waiting.first }

    /// What somebody holds.
    public func held(by name: String) -> Resources {
        holders[name]?.held ?? Resources(cpuMilli: 0, memoryMiB: 0)
    }

    /// There is more or less to share than before.
    public mutating func share(_ total: Resources) {
        guard total != self.total else { return }
        self.total = total
        for (name, holder) in holders where waiting.contains(name) { waiting.set(rank(of: holder), of: name) }
    }

    /// Somebody wants something, too.
    public mutating func enter(_ name: String) {
        guard !waiting.contains(name) else { return }
        let holder = holders[name] ?? Holder(since: tick())
        holders[name] = holder
        waiting.set(rank(of: holder), of: name)
    }

    /// Somebody cannot have at present what they want: they are passed over, and have waited no shorter for it when
    /// they enter again.
    public mutating func pass(_ name: String) {
        waiting.remove(name)
    }

    /// Somebody wants nothing any more.
    public mutating func leave(_ name: String) {
        waiting.remove(name)
        forgetIfIdle(name)
    }

    /// Somebody gets something.
    public mutating func take(_ resources: Resources, by name: String) {
        holders[name, default: Holder()].since = tick()
        change(name, by: 1, resources)
    }

    /// Somebody gives back what they took.
    public mutating func giveBack(_ resources: Resources, by name: String) {
        change(name, by: -1, resources)
        forgetIfIdle(name)
    }

    /// How many things of this size the one whose turn it is may take before it is another's turn; at least 1.
    public func turnLength(of each: Resources) -> Int {
        guard let mine = waiting.lowestRank, let theirs = waiting.secondRank else { return .max }
        let count = (theirs.share - mine.share) / max(share(of: each), 1e-9)
        return count < 1e6 ? 1 + Int(count) : .max
    }

    private mutating func change(_ name: String, by sign: Int, _ resources: Resources) {
        var holder = holders[name] ?? Holder()
        holder.held.cpuMilli += sign * resources.cpuMilli
        holder.held.memoryMiB += sign * resources.memoryMiB
        holders[name] = holder
        if waiting.contains(name) { waiting.set(rank(of: holder), of: name) }
    }

    private mutating func forgetIfIdle(_ name: String) {
        guard let held = holders[name]?.held, held.cpuMilli == 0, held.memoryMiB == 0, !waiting.contains(name)
        else { return }
        holders[name] = nil
    }

    private mutating func tick() -> UInt64 {
        time += 1
        return time
    }

    private func rank(of holder: Holder) -> Rank { Rank(share: share(of: holder.held), since: holder.since) }

    private func share(of held: Resources) -> Double {
        let processors = Double(held.cpuMilli) / Double(max(1, total.cpuMilli))
        let memory = Double(held.memoryMiB) / Double(max(1, total.memoryMiB))
        return max(processors, memory)
    }
}
