import Sandbox
import Schema
import Workload

/// Runs one attempt at a task in a sandbox and reports what happens to the outbox.
struct AttemptRunner: Sendable {
    let id: AttemptID
    let plan: Plan
    let log: JobLog
    let sandboxes: any Sandboxes
    let reader: LogReader
    let outbox: Outbox
    let clock: any Clock<Duration>
    let graces: AttemptMachine.Graces

    /// How long an attempt waits for room on the machine before it fails.
    private static let patience = Duration.seconds(300)

    /// Runs the attempt and returns when all of it is gone. Its end is the last thing reported of it.
    func run(_ orders: AttemptOrders) async {
        guard !orders.isStopped else { return reportNeverStarted() }
        let sandbox: any TaskSandbox
        do {
            sandbox = try await patiently(orders) { try await sandboxes.open(spec) }
        } catch {
            return report(AttemptOutcome(code: ReservedExitCode.unknown.rawValue, detail: "\(error)"), SandboxUsage())
        }
        guard !orders.isStopped else {
            _ = await sandbox.close()
            return reportNeverStarted()
        }
        outbox.add(.started(.init()), of: id.message)
        let latch = DrainLatch()
        let outcome = await perform(in: sandbox, orders, latch)
        // Whatever holds a pipe open is gone once the sandbox is closed.
        let usage = await sandbox.close()
        guard !outcome.isUnresponsive else { return }
        await latch.wait()
        report(outcome, usage)
    }

    /// Carries out what the machine decides until it is finished.
    private func perform(
        in sandbox: any TaskSandbox, _ orders: AttemptOrders, _ latch: DrainLatch
    ) async -> AttemptOutcome {
        await withDiscardingTaskGroup { group in
            let environment = TaskEnvironment(plan: plan, index: Int(id.index), attempt: Int(id.attempt))
            var processes: [Int: any SandboxProcess] = [:]
            var machine = AttemptMachine(steps: plan.steps, limit: plan.attemptLimit, graces: graces)
            var effects = machine.begin()
            var events = orders.events.makeAsyncIterator()
            while true {
                for effect in effects {
                    switch effect {
                    case .start(let position):
                        await start(position, in: sandbox, environment, orders, latch, &processes, &group)
                    case .signal(let position, let signal):
                        await processes[position]?.signal(signal.number)
                    case .arm(let timer, let duration):
                        group.addTask {
                            guard (try? await clock.sleep(for: duration)) != nil else { return }
                            orders.post(.timer(timer))
                        }
                    case .finish(let outcome):
                        // What cannot be ended would hold up the report for ever.
                        if outcome.isUnresponsive {
                            reader.abandon(latch)
                            report(outcome, SandboxUsage())
                        }
                        group.cancelAll()
                        return outcome
                    }
                }
                guard let event = await events.next() else {
                    return AttemptOutcome(code: ReservedExitCode.unknown.rawValue, detail: "The agent is going away.")
                }
                effects = machine.handle(event)
            }
        }
    }

    private func start(
        _ position: Int, in sandbox: any TaskSandbox, _ environment: TaskEnvironment, _ orders: AttemptOrders,
        _ latch: DrainLatch, _ processes: inout [Int: any SandboxProcess], _ group: inout DiscardingTaskGroup
    ) async {
        let step = plan.steps[position]
        let program: ProcessSpec.Program =
            switch step.executable {
            case .script(let text): .script(text: text)
            case .file(let path): .file(path: path)
            }
        do {
            let spec = ProcessSpec(program: program, environment: environment.variables(for: step))
            let process = try await patiently(orders) { try await sandbox.start(spec) }
            processes[position] = process
            report(step, position)
            for (pipe, stream) in [(process.output, Landfall_Agent_V1_Lines.Stream.stdout), (process.errors, .stderr)] {
                let source = LogSource(attempt: id.message, step: UInt32(position), stream: stream, job: log)
                reader.add(pipe, from: source, until: latch)
            }
            group.addTask {
                let code = await process.end().code
                report(step, position, exitCode: code)
                orders.post(.ended(step: position, code: code))
            }
        } catch {
            orders.post(.notStarted(step: position, why: "\(step.title(at: position)) could not be started: \(error)"))
        }
    }

    /// Tries again for a while what the machine has no room for just now: a full disk is no fault of the task's.
    private func patiently<Value>(_ orders: AttemptOrders, _ body: () async throws -> Value) async throws -> Value {
        var waited = Duration.zero
        var pause = Duration.milliseconds(50)
        while true {
            do {
                return try await body()
            } catch let error as SandboxError where error.mayPass && !orders.isStopped && waited < Self.patience {
                try await clock.sleep(for: pause)
                waited += pause
                pause = min(pause * 2, .seconds(2))
            }
        }
    }

    // MARK: Reports

    /// A step with a name has started, or has ended.
    private func report(_ step: Step, _ position: Int, exitCode: Int32? = nil) {
        guard step.name != nil else { return }
        var change = Landfall_Agent_V1_StepChange.with { $0.step = UInt32(position) }
        if let exitCode { change.exitCode = exitCode }
        outbox.add(.step(change), of: id.message)
    }

    private func report(_ outcome: AttemptOutcome, _ usage: SandboxUsage) {
        let ended = Landfall_Agent_V1_Ended.with {
            $0.exitCode = outcome.code
            $0.outOfMemory = usage.outOfMemoryKills > 0 && outcome.code != 0
            $0.detail = outcome.detail
            $0.cpuMicros = usage.cpuMicroseconds
            $0.peakMemoryBytes = usage.peakMemoryBytes
        }
        outbox.add(.ended(ended), of: id.message)
    }

    private func reportNeverStarted() {
        outbox.add(.ended(.with { $0.neverStarted = true }), of: id.message)
    }

    private var spec: SandboxSpec {
        let user: SandboxSpec.User =
            switch plan.user {
            case .root: .root
            case .account(let account):
                .account(
                    name: account.username, uid: account.uid, gid: account.gid, home: account.home,
                    shell: account.shell)
            }
        return SandboxSpec(
            id: id.sandboxID, job: id.jobUID, user: user, hostname: id.hostname,
            cpuMilli: plan.resources.cpuMilli, memoryMiB: plan.resources.memoryMiB)
    }
}
