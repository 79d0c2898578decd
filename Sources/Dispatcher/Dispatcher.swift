import Collections
import FoundationEssentials
import Logging
import Schema
import Store
import Workload

/// Leases tasks to agents, applies what they report, and keeps jobs moving.
///
/// What is unfinished lives in memory, changed in steps that never wait in between; every change is committed in
/// order, several in one commit, and nothing leaves the dispatcher (a lease, an acknowledgement, an answer) before
/// what it rests on is on disk.
public actor Dispatcher: Engine {
    let store: any DispatchStore
    let logbook: any LogSink
    let settings: DispatcherSettings
    let now: @Sendable () -> Date
    let logger: Logger
    /// What the log is to say of a job that has ended; nil for nothing.
    let obituary: @Sendable (JobRecord) -> Google_Logging_V2_LogEntry?

    /// Unfinished jobs, by uid, and their uids by name.
    var ledgers: [String: Ledger] = [:]
    var names: [JobName: String] = [:]
    /// Jobs on their way to the store, by uid.
    var submitting: Set<String> = []
    var ready = ReadyQueue()
    /// Jobs that get no leases for a moment, by uid.
    var heldBack: Deque<String> = []
    /// Jobs that may have to be told why they wait, by uid.
    var unexplained: Deque<String> = []
    /// By name.
    var nodes: [String: Node] = [:]
    var connections = 0
    /// No leases any more: the server goes away.
    var leaving: Landfall_Agent_V1_Leave?

    var journal = Journal()
    var isCommitting = false
    var roomWaiters: [CheckedContinuation<Void, Never>] = []
    var isStarted = false
    /// Until when the first agent is waited for.
    var introductionEnd = ContinuousClock.now
    var isStopped = false
    /// A commit was given up: none may follow it.
    var isAbandoned = false
    var timer: Task<Void, Never>?
    var lastSweep: Date?

    /// A dispatcher that does nothing until `start()`.
    ///
    /// - Parameters:
    ///   - store: where jobs are kept.
    ///   - logbook: where the lines of their tasks go.
    ///   - now: the time of day.
    ///   - obituary: what the log is to say of a job that has ended. After a crash it may be asked again, and must say the
    ///     same, with the same `insert_id`.
    public init(
        store: any DispatchStore, logbook: any LogSink, settings: DispatcherSettings = DispatcherSettings(),
        now: @escaping @Sendable () -> Date = { Date() }, logger: Logger,
        obituary: @escaping @Sendable (JobRecord) -> Google_Logging_V2_LogEntry? = { _ in nil }
    ) {
        self.store = store
        self.logbook = logbook
        self.settings = settings
        self.now = now
        self.logger = logger
        self.obituary = obituary
    }

    /// Takes up what was under way, and begins to watch over it. Call it once, before anything else.
    ///
    /// - Throws: what the store throws.
    public func start() async throws {
        try await recover()
        isStarted = true
        introductionEnd = ContinuousClock.now + settings.introduction
        timer = Task { [weak self, settings] in
            while !Task.isCancelled {
                try? await Task.sleep(for: settings.tick)
                await self?.tick()
            }
        }
    }

    /// Asks the agents to leave, and waits for them. Nothing is leased any more; tasks that were not leased wait for
    /// the next start.
    ///
    /// An agent's stream ends when nothing runs on it and everything is acknowledged. Unless tasks are stopped, agents
    /// that run some are not waited for: they go on, and report to the next server.
    ///
    /// - Parameters:
    ///   - stopTasks: end what runs, too.
    ///   - agents: how many agents there are; those that have not connected yet have a moment to come and be told.
    ///   - limit: how long to wait at most.
    public func shutDown(stopTasks: Bool, agents: Int = 0, within limit: Duration) async {
        let leave = Landfall_Agent_V1_Leave.with { $0.stopTasks = stopTasks }
        leaving = leave
        for node in nodes.values { node.send(.leave(leave)) }
        let begin = ContinuousClock.now
        while ContinuousClock.now < begin + limit, !Task.isCancelled {
            let isComing = connections < agents && ContinuousClock.now < begin + settings.arrival
            guard isComing || isAwaited(stopTasks) else { return }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    private func isAwaited(_ stopTasks: Bool) -> Bool {
        nodes.values.contains { $0.connection != nil && (stopTasks || $0.held.isEmpty) }
    }

    /// Ends the dispatcher's own work: everything that was accepted is on disk when it returns.
    ///
    /// Agents keep their tasks and report to the next dispatcher.
    public func stop() async {
        timer?.cancel()
        isStopped = true
        for node in nodes.values { node.connection?.outlet.finish() }
        try? await durable()
    }
}
