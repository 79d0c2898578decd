import FoundationEssentials
import Logging
import Sandbox
import Schema
import Workload

/// Runs tasks on this machine for one server: takes leases, starts what fits, and reports what happens.
///
/// The agent dials the server's Unix socket and dials again whenever the connection is lost; tasks run on meanwhile,
/// and what the server missed is sent when it is back.
public actor Agent {
    nonisolated let configuration: AgentConfiguration
    nonisolated let outbox: Outbox
    private let logger: Logger
    private let incarnation = UUID().uuidString.lowercased()
    private let check: PlanCheck
    private let sandboxes: any Sandboxes
    private let images: any ImageSource
    private let clock: any Clock<Duration>
    private let graces: AttemptMachine.Graces
    private let reader: LogReader
    /// What tasks are served, and where they find the server.
    nonisolated let services: TaskServices
    private let over = Signal()

    private var jobs = JobTable()
    private var queue: AdmissionQueue
    private var capacity: Capacity
    private var running: [AttemptID: AttemptOrders] = [:]
    private var departure = Departure.none
    /// How long to wait for the server once nothing runs; nil: for ever, or the waiting has begun.
    private var farewell: Duration?

    /// - Throws: `Errno` when the process has no descriptor left.
    public init(
        configuration: AgentConfiguration, sandboxes: any Sandboxes, images: any ImageSource = NoImages(),
        logger: Logger
    ) throws {
        try self.init(
            configuration: configuration, sandboxes: sandboxes, images: images, logger: logger,
            clock: ContinuousClock(), graces: AttemptMachine.Graces())
    }

    init(
        configuration: AgentConfiguration, sandboxes: any Sandboxes, images: any ImageSource = NoImages(),
        logger: Logger, clock: any Clock<Duration>, graces: AttemptMachine.Graces
    ) throws {
        self.configuration = configuration
        self.sandboxes = sandboxes
        self.images = images
        self.logger = logger
        self.clock = clock
        self.graces = graces
        services = TaskServices(
            directions: ServerDirections(sandboxes: sandboxes, images: images, logger: logger), line: ServerLine(),
            incarnation: incarnation)
        check = PlanCheck(
            accountIDs: configuration.accountIDs, serverID: configuration.ownerUID,
            hostDirectories: configuration.hostDirectories)
        capacity = Capacity(configuration.capacity)
        queue = AdmissionQueue(total: configuration.capacity)
        let waker = try Waker()
        outbox = Outbox(limit: configuration.logWindow) { waker.wake() }
        reader = try LogReader(outbox: outbox, waker: waker)
    }

    /// Whether the agent is about to end.
    private enum Departure {
        case none
        /// Once nothing runs and the server has acknowledged all; a server that comes back takes it back.
        case revocable
        /// The agent was told by a signal, or is over: no server changes that.
        case final
    }

    /// How an agent's run came to its end.
    public enum Ending: Sendable {
        /// The agent is not needed any more.
        case left
        /// The server gave up its attempts: it has to start anew as another incarnation.
        case startsAnew
    }

    private var isLeaving: Bool { departure != .none }
    private var ending = Ending.left

    /// Serves until the server says leave, `leave` is called, or the task is cancelled. What still runs then is killed.
    ///
    /// - Parameter onLeaving: called when the agent leaves, before its server can see that; not when it starts anew.
    public func run(onLeaving: @Sendable () -> Void = {}) async -> Ending {
        let link = ServerLink(agent: self, outbox: outbox, configuration: configuration, logger: logger)
        let diskGuard = DiskGuard(sandboxes: sandboxes, logger: logger) { await self.evict($0, why: $1) }
        await withDiscardingTaskGroup { group in
            group.addTask { await link.run() }
            group.addTask { await diskGuard.run() }
            await over.wait()
            if case .left = ending { onLeaving() }
            // Before the stream ends: a server that sees it end may count on the machine being clean.
            await sandboxes.shutDown()
            group.cancelAll()
        }
        reader.close()
        return ending
    }

    /// Ends the agent: gives back what waits, and ends `run` once nothing runs and the server has acknowledged all.
    ///
    /// - Parameters:
    ///   - stopTasks: ends what runs as well.
    ///   - farewell: do not wait longer for the server once nothing runs; nil: wait for ever.
    public func leave(stopTasks: Bool, farewell: Duration? = nil) {
        if farewell != nil {
            departure = .final
        } else if departure == .none {
            departure = .revocable
        }
        giveBack(queue.remove())
        if stopTasks {
            for orders in running.values { orders.stop(grace: configuration.leaveGrace) }
        }
        if let farewell { self.farewell = farewell }
        endIfDone()
    }

    /// Ends the agent if there is nothing that it does or keeps for a server: the next server starts another.
    func leaveIfIdle() {
        guard jobs.attemptCount == 0, running.isEmpty, outbox.isEmpty else { return }
        logger.notice("No server came: the agent leaves.")
        departure = .final
        over.raise()
    }

    private func endIfDone() {
        guard isLeaving, running.isEmpty else { return }
        if outbox.isEmpty {
            departure = .final
            over.raise()
        } else if let farewell {
            self.farewell = nil
            Task { [over, clock] in
                try? await clock.sleep(for: farewell)
                over.raise()
            }
        }
    }

    // MARK: What the server says

    /// How the agent introduces itself.
    func hello() -> Landfall_Agent_V1_Hello {
        .with {
            $0.incarnation = incarnation
            $0.node = configuration.node
            $0.cpuMilli = Int64(configuration.capacity.cpuMilli)
            $0.memoryMib = Int64(configuration.capacity.memoryMiB)
            $0.attempts = jobs.attempts.map(\.message)
            $0.plans = jobs.plans
        }
    }

    func receive(_ message: Landfall_Agent_V1_ToAgent) {
        switch message.kind {
        case .lease(let lease): take(lease)
        case .stop(let stop): self.stop(stop.jobUid, grace: .seconds(Int64(stop.graceSeconds)))
        case .forget(let forget): jobs.forget(forget.jobUid)
        case .mute(let mute): self.mute(mute.jobUid)
        case .open(let open): self.open(open)
        case .welcome(let welcome):
            // Whoever wants the agent to leave says so again. The next server could not start another.
            if departure == .revocable {
                departure = .none
                ending = .left
            }
            acknowledge(welcome.applied)
        case .ack(let ack): acknowledge(ack.applied)
        case .leave(let leave):
            if leave.startAnew { ending = .startsAnew }
            self.leave(stopTasks: leave.stopTasks)
        case nil: logger.warning("The server sent a message that this agent does not know.")
        }
    }

    private func take(_ lease: Landfall_Agent_V1_Lease) {
        let (end, overflows) = lease.first.addingReportingOverflow(lease.count)
        guard PlanCheck.isUID(lease.jobUid), !overflows, end <= 100_000 else {
            logger.error("A lease is out of bounds.", metadata: ["count": "\(lease.count)"])
            return
        }
        guard jobs.attemptCount + Int(lease.count) <= configuration.maxKnown else {
            logger.warning("The server leases more than the agent can hold.", metadata: ["count": "\(lease.count)"])
            return self.end(lease, lease.first..<end, .with { $0.neverStarted = true })
        }
        jobs.admit(lease.jobUid, plan: lease.plan.isEmpty ? nil : decode(lease.plan))
        let new = jobs.note(lease.jobUid, lease.first..<end, attempt: lease.attempt)
        guard let job = jobs[lease.jobUid] else { return }
        if let refusal = refusal(of: job, end: end) {
            let ended = Landfall_Agent_V1_Ended.with {
                $0.exitCode = ReservedExitCode.unknown.rawValue
                $0.detail = refusal
            }
            return self.end(lease, new.joined(), ended)
        }
        let needs = capacity.share(of: job.plan?.resources ?? Resources())
        for indices in new {
            queue.append(
                AdmissionQueue.Range(
                    jobUID: lease.jobUid, indices: indices, attempt: lease.attempt, priority: lease.priority,
                    submitter: lease.submitter, needs: needs))
        }
        if isLeaving { giveBack(queue.remove()) }
        startWhatFits()
    }

    /// Reports the end of attempts that never got as far as the queue.
    private func end(
        _ lease: Landfall_Agent_V1_Lease, _ indices: some Sequence<UInt32>, _ ended: Landfall_Agent_V1_Ended
    ) {
        for index in indices {
            report(AttemptID(jobUID: lease.jobUid, index: index, attempt: lease.attempt), ended)
        }
    }

    private func decode(_ data: Data) -> Result<Plan, PlanCheck.Refusal> {
        Result { () throws(PlanCheck.Refusal) in try check.plan(data) }
    }

    private func refusal(of job: JobTable.Job, end: UInt32) -> String? {
        guard let plan = job.plan else { return job.refusal }
        guard end <= plan.taskCount else { return "The lease goes beyond the job's last task." }
        return capacity.refusal(of: plan.resources)
    }

    private func stop(_ jobUID: String, grace: Duration) {
        giveBack(queue.remove(jobUID: jobUID))
        for (id, orders) in running where id.jobUID == jobUID { orders.stop(grace: grace) }
        // What waited behind the job's tasks may fit now.
        startWhatFits()
    }

    /// Ends the attempt in a sandbox, which the machine cannot bear any longer.
    func evict(_ sandboxID: String, why: String) {
        for (id, orders) in running where id.sandboxID == sandboxID { orders.post(.evict(why: why)) }
    }

    private func mute(_ jobUID: String) {
        jobs[jobUID]?.log.mute()
        reader.reconsider()
    }

    private func open(_ open: Landfall_Agent_V1_Open) {
        let step = Int(open.step)
        let event: AttemptMachine.Event =
            open.broken.isEmpty ? .opened(step: step) : .broken(step: step, why: open.broken)
        for (id, orders) in running where id.jobUID == open.jobUid { orders.post(event) }
    }

    private func acknowledge(_ applied: UInt64) {
        for id in outbox.acknowledge(applied) { jobs.acknowledged(id) }
        endIfDone()
    }

    // MARK: Tasks

    /// Starts attempts in their order until the next one does not fit.
    private func startWhatFits() {
        while running.count < configuration.maxRunning, let next = queue.first(in: capacity),
            let job = jobs[next.jobUID], let plan = job.plan, capacity.take(plan.resources)
        {
            queue.start(next)
            let id = next.first
            let orders = AttemptOrders()
            running[id] = orders
            let runner = AttemptRunner(
                id: id, plan: plan, log: job.log, sandboxes: sandboxes, images: images, services: services,
                reader: reader, outbox: outbox, clock: clock, graces: graces)
            Task {
                await runner.run(orders)
                ended(id, of: next)
            }
        }
    }

    private func ended(_ id: AttemptID, of range: AdmissionQueue.Range) {
        running[id] = nil
        capacity.giveBack(range.needs)
        queue.end(range)
        startWhatFits()
        endIfDone()
    }

    private func giveBack(_ ranges: [AdmissionQueue.Range]) {
        for range in ranges {
            for id in range.attempts { report(id, .with { $0.neverStarted = true }) }
        }
    }

    private func report(_ id: AttemptID, _ ended: Landfall_Agent_V1_Ended) {
        outbox.add(.ended(ended), of: id.message)
    }
}
