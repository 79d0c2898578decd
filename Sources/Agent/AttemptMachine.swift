import Workload

/// The rules by which an attempt at a task runs its steps: what happens goes in, what to do comes out. No I/O.
///
/// Batch's rules. Steps run one after the other; a background step starts and the next follows at once. A step that
/// ends with a code other than 0 fails the attempt, unless its status is ignored: no further step starts but
/// those that always run, and the first failure's code becomes the attempt's. A background step that fails is noticed when
/// it ends: the foreground step of that moment goes on. Background steps that still run when the last foreground
/// step has ended are ended, and that is no failure. A step over its time limit counts as ended with 50005. When the
/// attempt's own limit is reached everything is ended, nothing starts any more, and the code is 50005.
struct AttemptMachine {
    /// How long processes have between the signals that end them.
    struct Graces: Sendable {
        /// Between SIGTERM and SIGKILL at a time limit; nil: as the plan says.
        var timeout: Duration?
        /// Between SIGTERM and SIGKILL for background steps at the end.
        var background: Duration = .seconds(1)
        /// Between SIGKILL and giving up.
        var kill: Duration = .seconds(30)
    }

    enum Timer: Hashable, Sendable {
        /// The limit of the attempt.
        case attempt
        /// The limit of a step.
        case step(Int)
        /// A step has been asked to end, and is now made to.
        case kill(Int)
        /// A step that was killed should be gone.
        case giveUp(Int)
    }

    enum Event: Hashable, Sendable {
        /// A container's image is there: the step can start.
        case prepared(step: Int)
        case ended(step: Int, code: Int32)
        case notStarted(step: Int, why: String)
        /// All tasks have come to the step at which they wait for each other.
        case opened(step: Int)
        /// They never will, for this reason.
        case broken(step: Int, why: String)
        case timer(Timer)
        /// The server wants the attempt ended.
        case stop(grace: Duration)
        /// The machine cannot bear the attempt any longer, for this reason.
        case evict(why: String)
    }

    enum Effect: Hashable, Sendable {
        /// Fetches what the step is made of; it is started afterwards. A signal gives it up.
        case prepare(Int)
        case start(Int)
        case signal(Int, StopSignal)
        case arm(Timer, Duration)
        /// Nothing runs any more, or what runs cannot be ended. Always the last effect.
        case finish(AttemptOutcome)
    }

    private enum Phase: Equatable {
        case stepping
        /// All foreground steps are over, background steps are being ended.
        case windingUp
        case timedOut
        case stopped
        case evicted(why: String)
    }

    private let steps: [Step]
    private let limit: Duration?
    private let timeoutGrace: Duration
    private let graces: Graces
    private var phase = Phase.stepping
    private var next = 0
    private var foreground: Int?
    private var running: Set<Int> = []
    private var overdue: Set<Int> = []
    private var failure: (code: Int32, detail: String)?

    init(
        steps: [Step], limit: Duration?, timeoutGrace: Duration = Plan.defaultGrace, graces: Graces = Graces()
    ) {
        self.steps = steps
        self.limit = limit
        self.timeoutGrace = graces.timeout ?? timeoutGrace
        self.graces = graces
    }

    /// Begins with the first step.
    mutating func begin() -> [Effect] {
        let armed = limit.map { [Effect.arm(.attempt, $0)] } ?? []
        return armed + advance()
    }

    mutating func handle(_ event: Event) -> [Effect] {
        switch event {
        case .prepared(let step): prepared(step)
        case .ended(let step, let code): ended(step, overdue.contains(step) ? timedOut : code)
        case .notStarted(let step, let why), .broken(let step, let why):
            ended(step, ReservedExitCode.unknown.rawValue, detail: why)
        case .opened(let step): ended(step, 0)
        case .timer(let timer): expired(timer)
        case .stop(let grace): stop(grace: grace)
        case .evict(let why): evict(why)
        }
    }

    // MARK: Steps

    /// Starts the next steps, up to one in the foreground; winds up when there is none.
    private mutating func advance() -> [Effect] {
        var effects: [Effect] = []
        while next < steps.count {
            let position = next
            let step = steps[position]
            next += 1
            guard failure == nil || step.alwaysRuns else { continue }
            running.insert(position)
            effects.append(step.executable.isContainer ? .prepare(position) : .start(position))
            if let timeout = step.timeout { effects.append(.arm(.step(position), timeout)) }
            if !step.runsInBackground {
                foreground = position
                return effects
            }
        }
        phase = .windingUp
        return effects + (running.isEmpty ? [finish()] : end(running, grace: graces.background))
    }

    /// Starts a step whose image has come, unless it was asked to end meanwhile.
    private mutating func prepared(_ position: Int) -> [Effect] {
        guard running.contains(position) else { return [] }
        if phase == .stepping, !overdue.contains(position) { return [.start(position)] }
        return handle(.ended(step: position, code: StopSignal.terminate.exitCode))
    }

    private mutating func ended(_ position: Int, _ code: Int32, detail: String = "") -> [Effect] {
        guard running.remove(position) != nil else { return [] }
        let wasForeground = foreground == position
        if wasForeground { foreground = nil }
        judge(position, code, detail, wasForeground: wasForeground)
        if phase == .stepping { return wasForeground ? advance() : [] }
        return running.isEmpty ? [finish()] : []
    }

    /// Records the end of a step if it decides over the attempt.
    private mutating func judge(_ position: Int, _ code: Int32, _ detail: String, wasForeground: Bool) {
        let counts =
            switch phase {
            case .stepping: !steps[position].ignoresExitStatus
            // What was told to end may end with anything, but for what was over its limit before.
            case .windingUp: overdue.contains(position) && !steps[position].ignoresExitStatus
            case .timedOut, .evicted: false
            case .stopped: wasForeground
            }
        guard counts, code != 0, failure == nil else { return }
        let limit = overdue.contains(position) ? steps[position].timeout : nil
        failure = (code, limit.map { "\(title(of: position)) reached its time limit of \($0)." } ?? detail)
    }

    // MARK: Ends before time

    private mutating func expired(_ timer: Timer) -> [Effect] {
        switch timer {
        case .attempt:
            guard phase == .stepping else { return [] }
            phase = .timedOut
            return running.isEmpty ? [finish()] : end(running, grace: timeoutGrace)
        case .step(let position):
            guard phase == .stepping, running.contains(position) else { return [] }
            overdue.insert(position)
            return end([position], grace: timeoutGrace)
        case .kill(let position):
            guard running.contains(position) else { return [] }
            return [.signal(position, .kill), .arm(.giveUp(position), graces.kill)]
        case .giveUp(let position):
            guard running.contains(position) else { return [] }
            let detail = "\(title(of: position)) goes on although it was killed."
            return [.finish(AttemptOutcome(code: ReservedExitCode.unresponsive.rawValue, detail: detail))]
        }
    }

    /// Ends the attempt at the server's wish; a repeat may shorten the time that is left.
    private mutating func stop(grace: Duration) -> [Effect] {
        if phase == .stepping { phase = .stopped }
        return running.isEmpty ? [finish()] : end(running, grace: grace)
    }

    /// Ends the attempt at once. One that is being ended already keeps its reason for that.
    private mutating func evict(_ why: String) -> [Effect] {
        if phase == .stepping || phase == .windingUp { phase = .evicted(why: why) }
        guard !running.isEmpty else { return [finish()] }
        return running.sorted().flatMap { [.signal($0, .kill), .arm(.giveUp($0), graces.kill)] }
    }

    private func end(_ positions: Set<Int>, grace: Duration) -> [Effect] {
        positions.sorted().flatMap { [.signal($0, .terminate), .arm(.kill($0), grace)] }
    }

    private func finish() -> Effect {
        switch phase {
        case .timedOut:
            let detail = limit.map { "The attempt reached its time limit of \($0)." }
            return .finish(AttemptOutcome(code: timedOut, detail: detail ?? ""))
        case .stopped where failure == nil && steps[next...].contains { !$0.runsInBackground }:
            return .finish(AttemptOutcome(code: StopSignal.terminate.exitCode, detail: "Stopped between two steps."))
        case .evicted(let why):
            return .finish(AttemptOutcome(code: StopSignal.kill.exitCode, detail: why))
        default:
            return .finish(AttemptOutcome(code: failure?.code ?? 0, detail: failure?.detail ?? ""))
        }
    }

    private func title(of position: Int) -> String { steps[position].title(at: position) }

    private var timedOut: Int32 { ReservedExitCode.timedOut.rawValue }
}
