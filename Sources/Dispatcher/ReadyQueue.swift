import FoundationEssentials
import Workload

/// Jobs that have tasks to lease, in the order in which they get them: by priority, then by age (Batch, scheduling).
struct ReadyQueue {
    private struct Key: Comparable {
        let priority: Int
        let createdAt: Date
        let uid: String

        init(_ job: JobRecord) {
            priority = job.plan.priority
            createdAt = job.createdAt
            uid = job.uid
        }

        static func < (one: Key, other: Key) -> Bool {
            if one.priority != other.priority { return one.priority > other.priority }
            if one.createdAt != other.createdAt { return one.createdAt < other.createdAt }
            return one.uid < other.uid
        }
    }

    private var keys: [Key] = []

    /// Uids in order.
    var uids: some Sequence<String> { keys.lazy.map(\.uid) }

    var isEmpty: Bool { keys.isEmpty }

    mutating func insert(_ job: JobRecord) {
        let key = Key(job)
        let position = position(of: key)
        guard position == keys.count || keys[position] != key else { return }
        keys.insert(key, at: position)
    }

    mutating func remove(_ job: JobRecord) {
        let key = Key(job)
        let position = position(of: key)
        guard position < keys.count, keys[position] == key else { return }
        keys.remove(at: position)
    }

    private func position(of key: Key) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
