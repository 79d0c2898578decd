import Workload

/// The room that a node has for the tasks of one job.
///
/// The tasks of other submitters take room, and of the submitter's own tasks those that are as urgent: agents start
/// each submitter's tasks of higher priority first.
struct Room {
    /// What one task takes.
    let share: Resources
    private let freeProcessors: Double
    private let freeMemory: Double
    private let isAlone: Bool
    /// How many waiting tasks a task of the job would overtake, less those that have come to do so before. Of all that
    /// other submitters have waiting behind a full node, one.
    private let overtakable: Int
    /// The job's task and all that its submitter has on the node could run at once.
    let isBesideOwn: Bool

    /// - Returns: nil when the node has too little memory for the task, whatever else it has to do.
    init?(for ledger: Ledger, on node: Node) {
        guard ledger.plan.resources.memoryMiB <= node.record.memoryMiB else { return nil }
        var own = Load()
        var behind = Load()
        for (priority, load) in node.loads[ledger.submitter] ?? [:] {
            own.add(load)
            if priority < ledger.plan.priority { behind.add(load) }
        }
        share = node.share(of: ledger.plan.resources)
        freeProcessors = Double(node.record.cpuMilli - node.load.cpuMilli + behind.cpuMilli) / Double(share.cpuMilli)
        freeMemory = Double(node.record.memoryMiB - node.load.memoryMiB + behind.memoryMiB) / Double(share.memoryMiB)
        isAlone = node.load.cpuMilli == behind.cpuMilli
        isBesideOwn =
            own.cpuMilli + share.cpuMilli <= node.record.cpuMilli
            && own.memoryMiB + share.memoryMiB <= node.record.memoryMiB
        let ahead = own.waiting - behind.waiting
        let isCrowded = node.load.cpuMilli > node.record.cpuMilli || node.load.memoryMiB > node.record.memoryMiB
        let others = isBesideOwn && ahead == 0 && isCrowded && node.load.waiting > own.waiting ? 1 : 0
        overtakable = max(behind.waiting - ahead, others)
    }

    /// No other task of the job's submitter that is at most as urgent, and no larger, would find room.
    var isFull: Bool { min(freeProcessors, freeMemory) <= 0 }

    /// How many tasks of the job the node is given: what it can run at once, and a little work ahead.
    ///
    /// What other submitters have waiting on the node does not keep a task from being there: the agent lets
    /// submitters take turns, and can do so only with what it has.
    func count(ahead: Double) -> Int {
        let count = Int((min(freeProcessors, freeMemory) + ahead + 1e-6).rounded(.down))
        return max(count, isAlone ? 1 : 0, overtakable)
    }
}
