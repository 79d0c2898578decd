import Workload

/// What a pass has leased, by job and node, in the order in which each came first: submitters take turns of a task or
/// two, and an agent is told once of all that it gets of a job.
struct LeaseOrders {
    struct Order {
        let ledger: Ledger
        let node: Node
        /// Neighbours with the same attempt.
        var ranges: [(first: Int, count: Int, attempt: Int)] = []

        /// Adds a task; indices come in increasing order within an attempt.
        mutating func add(_ task: TaskRecord) {
            if let last = ranges.last, last.first + last.count == task.index, last.attempt == task.attempt {
                ranges[ranges.count - 1].count += 1
            } else {
                ranges.append((task.index, 1, task.attempt))
            }
        }
    }

    private struct Key: Hashable {
        let uid: String
        let node: String
    }

    private(set) var list: [Order] = []
    private var places: [Key: Int] = [:]

    mutating func add(_ tasks: [TaskRecord], of ledger: Ledger, to node: Node) {
        let key = Key(uid: ledger.uid, node: node.record.name)
        let place = places[key] ?? list.count
        if place == list.count {
            places[key] = place
            list.append(Order(ledger: ledger, node: node))
        }
        for task in tasks { list[place].add(task) }
    }
}
