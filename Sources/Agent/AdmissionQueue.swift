import Collections
import Workload

/// Attempts that wait to be started, kept as ranges: submitters take turns, and each one's own start by priority, then
/// in the order of their leases.
struct AdmissionQueue {
    /// Attempts at neighbouring tasks of one job, with the same attempt number.
    struct Range: Comparable {
        var jobUID: String
        var indices: Swift.Range<UInt32>
        var attempt: UInt32
        var priority: Int32
        var submitter: String
        /// What each attempt takes of the machine.
        var needs: Resources
        /// Lower is older; no two ranges have the same.
        var order: UInt64 = 0

        /// Whether `left` starts after `right`.
        static func < (left: Self, right: Self) -> Bool {
            (left.priority, right.order) < (right.priority, left.order)
        }

        /// The attempt that starts first.
        var first: AttemptID { AttemptID(jobUID: jobUID, index: indices.lowerBound, attempt: attempt) }

        /// The attempts, one by one.
        var attempts: some Sequence<AttemptID> {
            indices.lazy.map { [jobUID, attempt] in AttemptID(jobUID: jobUID, index: $0, attempt: attempt) }
        }
    }

    /// By submitter; none is empty.
    private var lines: [String: Heap<Range>] = [:]
    private var turns: FairTurns
    /// The submitter for whose next attempt the machine is being cleared.
    private var turn: String?
    private var nextOrder: UInt64 = 0

    /// An empty queue for a machine.
    init(total: Resources) {
        turns = FairTurns(total: total)
    }

    /// Adds attempts behind those of the same submitter and priority. An empty range adds nothing.
    mutating func append(_ range: Range) {
        guard !range.indices.isEmpty else { return }
        var range = range
        range.order = nextOrder
        nextOrder += 1
        lines[range.submitter, default: Heap()].insert(range)
        turns.enter(range.submitter)
    }

    /// The range whose first attempt is to start now; nil when it has to wait for what runs.
    ///
    /// Smaller attempts do not overtake one that does not fit: it would wait for ever. But where its submitter's own
    /// attempts are in the way, it is not others' that have to end for it.
    mutating func first(in capacity: Capacity) -> Range? {
        while let name = turn ?? turns.next, let range = lines[name]?.max {
            if capacity.fits(range.needs) { return range }
            let held = turns.held(by: name)
            if held.cpuMilli + range.needs.cpuMilli <= turns.total.cpuMilli,
                held.memoryMiB + range.needs.memoryMiB <= turns.total.memoryMiB
            {
                turn = name
                return nil
            }
            turn = nil
            turns.pass(name)
        }
        return nil
    }

    /// Removes the first attempt of a range that `first(in:)` gave: it runs.
    mutating func start(_ range: Range) {
        var rest = range
        rest.indices = (range.indices.lowerBound + 1)..<range.indices.upperBound
        if rest.indices.isEmpty {
            lines[range.submitter]?.removeMax()
        } else {
            lines[range.submitter]?.replaceMax(with: rest)
        }
        turn = nil
        turns.take(range.needs, by: range.submitter)
        dropIfEmpty(range.submitter)
    }

    /// Notes that an attempt of a range runs no more.
    mutating func end(_ range: Range) {
        turns.giveBack(range.needs, by: range.submitter)
        if lines[range.submitter] != nil { turns.enter(range.submitter) }
    }

    /// Removes the attempts of one job, or all, and returns them, oldest lease first.
    mutating func remove(jobUID: String? = nil) -> [Range] {
        var removed: [Range] = []
        for (name, line) in lines {
            let ranges = line.unordered
            let leaving = ranges.filter { jobUID == nil || $0.jobUID == jobUID }
            guard !leaving.isEmpty else { continue }
            removed += leaving
            lines[name] = Heap(ranges.filter { jobUID != nil && $0.jobUID != jobUID })
            dropIfEmpty(name)
        }
        return removed.sorted { $0.order < $1.order }
    }

    private mutating func dropIfEmpty(_ submitter: String) {
        guard lines[submitter]?.isEmpty == true else { return }
        lines[submitter] = nil
        turns.leave(submitter)
        if turn == submitter { turn = nil }
    }
}
