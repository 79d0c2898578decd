import Collections

/// Attempts that wait to be started, kept as ranges: highest priority first, then in the order of their leases.
struct AdmissionQueue {
    /// Attempts at neighbouring tasks of one job, with the same attempt number.
    struct Range: Comparable {
        var jobUID: String
        var indices: Swift.Range<UInt32>
        var attempt: UInt32
        var priority: Int32
        /// Lower is older; no two ranges have the same.
        var order: UInt64

        /// Whether `left` starts after `right`.
        static func < (left: Self, right: Self) -> Bool {
            (left.priority, right.order) < (right.priority, left.order)
        }

        /// The attempts, one by one.
        var attempts: some Sequence<AttemptID> {
            indices.lazy.map { [jobUID, attempt] in AttemptID(jobUID: jobUID, index: $0, attempt: attempt) }
        }
    }

    private var ranges = Heap<Range>()
    private var nextOrder: UInt64 = 0

    /// The attempt that is to start next.
    var first: AttemptID? {
        ranges.max.map { AttemptID(jobUID: $0.jobUID, index: $0.indices.lowerBound, attempt: $0.attempt) }
    }

    /// Adds attempts behind those of the same priority. An empty range adds nothing.
    mutating func append(jobUID: String, indices: Swift.Range<UInt32>, attempt: UInt32, priority: Int32) {
        guard !indices.isEmpty else { return }
        ranges.insert(
            Range(jobUID: jobUID, indices: indices, attempt: attempt, priority: priority, order: nextOrder))
        nextOrder += 1
    }

    /// Removes the first attempt.
    mutating func removeFirst() {
        guard var range = ranges.max else { return }
        range.indices = (range.indices.lowerBound + 1)..<range.indices.upperBound
        if range.indices.isEmpty {
            ranges.removeMax()
        } else {
            ranges.replaceMax(with: range)
        }
    }

    /// Removes the attempts of one job, or all, and returns them, oldest lease first.
    mutating func remove(jobUID: String? = nil) -> [Range] {
        let removed = ranges.unordered.filter { jobUID == nil || $0.jobUID == jobUID }
        guard !removed.isEmpty else { return [] }
        ranges = Heap(ranges.unordered.filter { jobUID != nil && $0.jobUID != jobUID })
        return removed.sorted { $0.order < $1.order }
    }
}
