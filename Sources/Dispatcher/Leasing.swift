import FoundationEssentials
import Schema
import Workload

extension Dispatcher {
    /// How many jobs may be refused for want of room before a pass gives up.
    private static let longestPass = 64

    /// Gives waiting tasks to the agents that have room: jobs by priority, then by age; a job that cannot use what
    /// is free lets the next one in, but not for ever.
    func lease() {
        guard isStarted, leaving == nil, !ready.isEmpty else { return }
        let open = nodes.values.filter { $0.connection != nil && !$0.record.isLost }
            .sorted { $0.record.name < $1.record.name }
        guard !open.isEmpty else { return }
        let time = now()
        var refused = 0
        var exhausted: [JobRecord] = []
        for uid in ready.uids {
            guard let ledger = ledgers[uid] else { continue }
            var left = isHeldBack(ledger, at: time) ? 0 : ledger.leasable
            for node in open where left > 0 {
                let count = min(left, room(for: ledger, on: node))
                guard count > 0 else { continue }
                lease(count, of: ledger, to: node, at: time)
                left -= count
            }
            if !ledger.hasWork { exhausted.append(ledger.job) }
            guard left > 0 else { continue }
            refused += 1
            let waits = time.timeIntervalSince(ledger.job.updatedAt) > settings.starvationTime
            if refused >= Self.longestPass || (waits && ledger.attempts.isEmpty && fits(ledger, open)) { break }
        }
        for job in exhausted { ready.remove(job) }
    }

    private func isHeldBack(_ ledger: Ledger, at time: Date) -> Bool {
        guard let notBefore = ledger.notBefore else { return false }
        if time < notBefore { return true }
        ledger.notBefore = nil
        return false
    }

    private func fits(_ ledger: Ledger, _ open: [Node]) -> Bool {
        open.contains { $0.record.memoryMiB >= ledger.plan.resources.memoryMiB }
    }

    /// How many more tasks of a job a node's agent is given: what the node can run at once, and a little work ahead.
    ///
    /// Only what is as urgent takes room: agents start the tasks of higher priority first.
    private func room(for ledger: Ledger, on node: Node) -> Int {
        guard ledger.plan.resources.memoryMiB <= node.record.memoryMiB else { return 0 }
        let share = node.share(of: ledger.plan.resources)
        var load = 0.0
        for (uid, count) in node.held {
            guard let other = ledgers[uid]?.plan, other.priority >= ledger.plan.priority else { continue }
            load += Double(count) * node.share(of: other.resources)
        }
        let prefetch = min(Double(settings.largestPrefetch), node.rate.perSecond * settings.prefetchTime)
        let count = Int(((1 - load) / share + prefetch + 1e-6).rounded(.down))
        return max(count, load == 0 ? 1 : 0, overtakable(by: ledger.plan.priority, on: node))
    }

    /// How many tasks wait on a node that would start before more urgent ones that are not there yet.
    private func overtakable(by priority: Int, on node: Node) -> Int {
        var behind = 0
        var ahead = 0
        for uid in node.held.keys {
            guard let other = ledgers[uid], other.plan.priority < priority else { continue }
            behind += other.waiting(on: node)
        }
        guard behind > 0 else { return 0 }
        for uid in node.held.keys {
            guard let other = ledgers[uid], other.plan.priority >= priority else { continue }
            ahead += other.waiting(on: node)
        }
        return max(0, behind - ahead)
    }

    private func lease(_ count: Int, of ledger: Ledger, to node: Node, at time: Date) {
        var leases = LeaseRanges()
        var left = count
        while left > 0, let task = ledger.popWaiting() {
            assign(task, of: ledger, to: node, at: time).map {
                apply(.task(index: task.index, $0), to: ledger, at: time)
            }
            leases.add(task)
            left -= 1
        }
        let fresh = min(left, ledger.job.untouchedCount)
        let first = ledger.job.nextIndex
        if fresh > 0 {
            apply(.leased(count: fresh), to: ledger, at: time)
            for index in first..<first + fresh {
                let task = TaskRecord(index: index)
                _ = assign(task, of: ledger, to: node, at: time)
                leases.add(task)
            }
        }
        send(leases, of: ledger, to: node)
    }

    private func assign(
        _ task: TaskRecord, of ledger: Ledger, to node: Node, at time: Date
    ) -> TaskMachine.Transition? {
        var task = task
        let transition = TaskMachine.apply(.leased(node: node.record.name), to: &task, retry: nil, at: time)
        ledger.attempts[task.index] = Ledger.Attempt(task: task, holder: node.incarnation)
        journal.tasks[ledger.uid, default: [:]][task.index] = task
        node.take(1, of: ledger.uid)
        return transition
    }

    private func send(_ leases: LeaseRanges, of ledger: Ledger, to node: Node) {
        let isFirst = !node.plans.contains(ledger.uid)
        for range in leases.ranges {
            var lease = Landfall_Agent_V1_Lease()
            lease.jobUid = ledger.uid
            lease.first = UInt32(range.first)
            lease.count = UInt32(range.count)
            lease.attempt = UInt32(range.attempt)
            lease.priority = Int32(ledger.plan.priority)
            if !node.plans.contains(ledger.uid) {
                guard let plan = try? JSONEncoder().encode(ledger.plan) else { continue }
                lease.plan = plan
                node.plans.insert(ledger.uid)
            }
            post(.lease(lease), to: node)
        }
        if isFirst, ledger.isMuted { post(.mute(.with { $0.jobUid = ledger.uid }), to: node) }
    }
}

extension Ledger {
    /// How many of the job's tasks a node has been given and has not started.
    fileprivate func waiting(on node: Node) -> Int {
        attempts.values.count { $0.holder == node.incarnation && $0.task.state == .assigned }
    }
}

/// Tasks gathered into ranges of neighbours with the same attempt.
struct LeaseRanges {
    private(set) var ranges: [(first: Int, count: Int, attempt: Int)] = []

    /// Adds a task; indices come in increasing order within an attempt.
    mutating func add(_ task: TaskRecord) {
        if let last = ranges.last, last.first + last.count == task.index, last.attempt == task.attempt {
            ranges[ranges.count - 1].count += 1
        } else {
            ranges.append((task.index, 1, task.attempt))
        }
    }
}
