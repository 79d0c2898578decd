import FoundationEssentials
import Schema
import Workload

extension Dispatcher {
    /// How many jobs may be refused for want of room before a pass gives up, and before it turns to other submitters.
    private static let longestPass = 256
    private static let longestLook = 16

    /// Gives waiting tasks to the agents that have room: to the submitter who holds the least, of their jobs to the
    /// first. What cannot use what is free lets the next one in, but not for ever.
    func lease() {
        guard isStarted, leaving == nil else { return }
        let time = now()
        admitHeldBack(at: time)
        guard !ready.isEmpty else { return }
        let open = nodes.values.filter { $0.connection != nil && !$0.record.isLost }
            .sorted { $0.record.name < $1.record.name }
        guard !open.isEmpty else { return }
        var orders = LeaseOrders()
        var refused: [String: Int] = [:]
        var refusals = 0
        while refusals < Self.longestPass, let uid = ready.first, let ledger = ledgers[uid] {
            if lease(ledger, to: open, at: time, orders: &orders) {
                reconsider(ledger)
                continue
            }
            let answer = refusal(of: ledger, by: open, at: time)
            guard answer != .everybodyWaits else { break }
            refusals += 1
            refused[ledger.submitter, default: 0] += 1
            if answer == .submitterWaits || refused[ledger.submitter] == Self.longestLook {
                ready.passAll(of: ledger.submitter)
            } else {
                ready.pass(ledger.job)
            }
        }
        ready.resume()
        for order in orders.list { send(order) }
    }

    /// Gives tasks of the job whose turn it is to the first node that has room, until it is another's turn.
    ///
    /// - Returns: false when no node has room.
    private func lease(_ ledger: Ledger, to open: [Node], at time: Date, orders: inout LeaseOrders) -> Bool {
        for node in open {
            guard let room = Room(for: ledger, on: node) else { continue }
            let count = min(
                ledger.leasable, room.count(ahead: workAhead(on: node)), ready.turnLength(of: room.share))
            guard count > 0 else { continue }
            orders.add(lease(count, of: ledger, to: node, at: time), of: ledger, to: node)
            return true
        }
        return false
    }

    /// How many tasks a node is given beyond what it runs at once: it starts them while its reports are on their way.
    private func workAhead(on node: Node) -> Double {
        min(Double(settings.largestPrefetch), node.rate.perSecond * settings.prefetchTime)
    }

    private enum Refusal {
        /// Another job may fit.
        case jobWaits
        /// No other job of the submitter fits, or may go first.
        case submitterWaits
        /// Nobody may go first: the job has waited for too long.
        case everybodyWaits
    }

    /// What follows for others from there being no room for a job.
    private func refusal(of ledger: Ledger, by open: [Node], at time: Date) -> Refusal {
        let rooms = open.compactMap { Room(for: ledger, on: $0) }
        let waited = time.timeIntervalSince(ledger.job.updatedAt) > settings.starvationTime
        if waited, ledger.attempts.isEmpty, !rooms.isEmpty {
            // Where the submitter's own tasks are in the way, nobody else's have to make room.
            return rooms.contains(where: \.isBesideOwn) ? .everybodyWaits : .submitterWaits
        }
        return rooms.count == open.count && rooms.allSatisfy(\.isFull) ? .submitterWaits : .jobWaits
    }

    private func lease(_ count: Int, of ledger: Ledger, to node: Node, at time: Date) -> [TaskRecord] {
        var tasks: [TaskRecord] = []
        while tasks.count < count, let task = ledger.popWaiting() {
            assign(task, of: ledger, to: node, at: time).map {
                apply(.task(index: task.index, $0), to: ledger, at: time)
            }
            tasks.append(task)
        }
        let fresh = min(count - tasks.count, ledger.job.untouchedCount)
        let first = ledger.job.nextIndex
        if fresh > 0 {
            apply(.leased(count: fresh), to: ledger, at: time)
            for index in first..<first + fresh {
                let task = TaskRecord(index: index)
                _ = assign(task, of: ledger, to: node, at: time)
                tasks.append(task)
            }
        }
        return tasks
    }

    private func assign(
        _ task: TaskRecord, of ledger: Ledger, to node: Node, at time: Date
    ) -> TaskMachine.Transition? {
        var task = task
        let transition = TaskMachine.apply(.leased(node: node.record.name), to: &task, retry: nil, at: time)
        journal.tasks[ledger.uid, default: [:]][task.index] = task
        hold(task, of: ledger, on: node)
        return transition
    }

    private func send(_ order: LeaseOrders.Order) {
        let (ledger, node) = (order.ledger, order.node)
        let isFirst = !node.plans.contains(ledger.uid)
        for range in order.ranges {
            var lease = Landfall_Agent_V1_Lease()
            lease.jobUid = ledger.uid
            lease.first = UInt32(range.first)
            lease.count = UInt32(range.count)
            lease.attempt = UInt32(range.attempt)
            lease.priority = Int32(ledger.plan.priority)
            lease.submitter = ledger.submitter
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
