import Sandbox
import Schema
import Workload

/// Runs one attempt at a task in a sandbox and reports what happens to the outbox.
struct AttemptRunner: Sendable {
    let id: AttemptID
    let plan: Plan
    let log: JobLog
    let sandboxes: any Sandboxes
    let images: any ImageSource
    let services: TaskServices
    let reader: LogReader
    let outbox: Outbox
    let clock: any Clock<Duration>
    let graces: AttemptMachine.Graces

    /// How long an attempt waits for room on the machine before it fails.
    private static let patience = Duration.seconds(300)

    /// Runs the attempt and returns when all of it is gone. Its end is the last thing reported of it.
    func run(_ orders: AttemptOrders) async {
        guard !orders.isStopped else { return reportNeverStarted() }
        let place: Place
        do {
            place = try await prepare(orders)
        } catch {
            return report(AttemptOutcome(code: ReservedExitCode.unknown.rawValue, detail: "\(error)"), SandboxUsage())
        }
        guard !orders.isStopped else {
            _ = await place.close()
            return reportNeverStarted()
        }
        outbox.add(.started(.init()), of: id.message)
        let latch = DrainLatch()
        let outcome = await perform(in: place, orders, latch)
        // Whatever holds a pipe open is gone once the sandbox is closed.
        let usage = await place.close()
        guard !outcome.isUnresponsive else { return }
        await latch.wait()
        report(outcome, usage)
    }

    /// Where the steps run, and what they are given there.
    private struct Place {
        let sandbox: any TaskSandbox
        let listeners: OpenListeners?
        let environment: TaskEnvironment
        let images: AttemptImages
        let logFiles: AttemptLogFiles?

        func close() async -> SandboxUsage {
            await listeners?.close()
            let usage = await sandbox.close()
            await images.release()
            return usage
        }
    }

    /// - Throws: `SandboxError`
    private func prepare(_ orders: AttemptOrders) async throws -> Place {
        let secrets = try await patiently(orders) { try await services.secrets(of: plan, for: id) }
        let environment = try TaskEnvironment(
            plan: plan, index: Int(id.index), attempt: Int(id.attempt), secrets: secrets)
        let spec = try spec(volumes: VolumeLowering(secrets: secrets).volumes(of: plan))
        let sandbox = try await patiently(orders) { try await sandboxes.open(spec) }
        do {
            let files = try await patiently(orders) { try await AttemptLogFiles(id, of: plan, in: sandbox) }
            let listeners = try await patiently(orders) { try await services.open(to: id, of: plan, in: sandbox) }
            let access = ImageAccess(
                images: images, services: services, attempt: id, plan: plan, secrets: secrets, clock: clock)
            return Place(
                sandbox: sandbox, listeners: listeners, environment: environment, images: AttemptImages(access),
                logFiles: files)
        } catch {
            _ = await sandbox.close()
            throw error
        }
    }

    /// Carries out what the machine decides until it is finished.
    private func perform(
        in place: Place, _ orders: AttemptOrders, _ latch: DrainLatch
    ) async -> AttemptOutcome {
        await withDiscardingTaskGroup { group in
            var processes: [Int: any SandboxProcess] = [:]
            var machine = AttemptMachine(
                steps: plan.steps, limit: plan.attemptLimit, timeoutGrace: plan.timeoutGrace, graces: graces)
            var effects = machine.begin()
            var events = orders.events.makeAsyncIterator()
            while true {
                for effect in effects {
                    switch effect {
                    case .prepare(let position):
                        place.images.fetch(position, for: orders)
                    case .start(let position):
                        await start(position, in: place, orders, latch, &processes, &group)
                    case .signal(let position, let signal) where plan.steps[position].executable == .barrier:
                        orders.post(.ended(step: position, code: signal.exitCode))
                    case .signal(let position, let signal):
                        place.images.cancel(position)
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
        _ position: Int, in place: Place, _ orders: AttemptOrders, _ latch: DrainLatch,
        _ processes: inout [Int: any SandboxProcess], _ group: inout DiscardingTaskGroup
    ) async {
        let step = plan.steps[position]
        guard step.executable != .barrier else {
            // Every arrival is answered, so that nothing needs to be remembered here.
            return outbox.add(.waits(.with { $0.step = UInt32(position) }), of: id.message)
        }
        do {
            let spec = try process(of: step, place.images[position], place.environment)
            let process = try await patiently(orders) { try await place.sandbox.start(spec) }
            processes[position] = process
            report(step, position)
            for (pipe, stream) in [(process.output, Landfall_Agent_V1_Lines.Stream.stdout), (process.errors, .stderr)] {
                let source = LogSource(
                    attempt: id.message, step: UInt32(position), stream: stream, job: log, files: place.logFiles)
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

    private func process(
        of step: Step, _ image: (any PinnedImage)?, _ environment: TaskEnvironment
    ) throws -> ProcessSpec {
        switch step.executable {
        case .script(let text):
            return ProcessSpec(program: .script(text: text), environment: try environment.variables(for: step))
        case .file(let path):
            return ProcessSpec(program: .file(path: path), environment: try environment.variables(for: step))
        case .barrier:
            throw SandboxError("a barrier is no process")
        case .container(let container):
            guard let image else { throw ImageRefusal(description: "it has no image") }
            let launch = ContainerLaunch(container: container, image: image.configuration, layers: image.layers)
            return ProcessSpec(
                program: .container(try launch.spec),
                environment: try environment.variables(for: step, of: image.configuration))
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

    private func spec(volumes: [SandboxVolume]) -> SandboxSpec {
        let user: SandboxSpec.User =
            switch plan.user {
            case .root: .root
            case .account(let account):
                .account(
                    name: account.username, uid: account.uid, gid: account.gid, home: account.home,
                    shell: account.shell)
            }
        var programs: SandboxSpec.Programs = []
        for step in plan.steps { programs.insert(step.executable.isContainer ? .containers : .scripts) }
        return SandboxSpec(
            id: id.sandboxID, job: id.jobUID, user: user, programs: programs, volumes: volumes, hostname: id.hostname,
            cpuMilli: plan.resources.cpuMilli, memoryMiB: plan.resources.memoryMiB)
    }
}
