import FoundationEssentials
import Testing
import Workload

@Suite("A job's states")
struct JobMachineTests {
    @Test("A job whose tasks succeed goes QUEUED, SCHEDULED, RUNNING, SUCCEEDED")
    func success() {
        var driver = Driver(tasks: 2)
        driver.lease(2)
        #expect(driver.job.state == .scheduled)
        driver.task(0, .started)
        #expect(driver.job.state == .running)
        driver.task(1, .started)
        driver.task(0, .ended(exitCode: 0, detail: nil))
        #expect(driver.effects == [])
        driver.task(1, .ended(exitCode: 0, detail: nil))
        #expect(driver.effects == [.ended(.succeeded)])
        #expect(driver.job.counts == [.succeeded: 2])
        #expect(driver.states == [.scheduled, .running, .succeeded])
    }

    @Test("When a task fails for good, running ones finish, the others stay unexecuted, and the event names the cause")
    func failure() {
        var driver = Driver(tasks: 5)
        driver.lease(2)
        driver.task(0, .started)
        driver.task(1, .started)
        driver.task(0, .ended(exitCode: 3, detail: nil))
        #expect(driver.job.state == .running)
        #expect(driver.job.counts == [.failed: 1, .running: 1, .unexecuted: 3])
        #expect(driver.job.untouchedState == .unexecuted)
        driver.task(1, .ended(exitCode: 0, detail: nil))
        #expect(driver.job.state == .failed)
        guard case .state(from: .running, to: .failed, let cause?) = driver.job.events.last?.kind else {
            Issue.record("no cause")
            return
        }
        #expect(cause.index == 0)
        #expect(cause.event.exitCode == 3)
    }

    @Test("Where tasks go on after a failure, the job fails once all have ended")
    func goesOn() {
        var driver = Driver(tasks: 3)
        driver.job.plan.onTaskFailure = .goOn
        driver.lease(2)
        driver.task(0, .started)
        driver.task(0, .ended(exitCode: 3, detail: nil))
        #expect(driver.job.state == .running && driver.job.counts == [.failed: 1, .assigned: 1, .pending: 1])
        driver.lease(1)
        for index in [1, 2] {
            driver.task(index, .started)
            #expect(driver.effects == [])
            driver.task(index, .ended(exitCode: 0, detail: nil))
        }
        #expect(driver.effects == [.ended(.failed)])
        #expect(driver.job.counts == [.failed: 1, .succeeded: 2])
    }

    @Test("A queued job is cancelled at once; a running one when its attempts have ended")
    func cancel() {
        var queued = Driver(tasks: 3)
        queued.apply(.cancel)
        #expect(queued.states == [.cancelling, .cancelled])
        #expect(queued.job.counts == [.unexecuted: 3])

        var running = Driver(tasks: 3)
        running.lease(2)
        running.task(0, .started)
        running.apply(.cancel)
        #expect(running.effects == [.stopAttempts])
        running.task(1, .givenBack)
        #expect(running.job.state == .cancelling)
        running.task(0, .ended(exitCode: 143, detail: nil))
        #expect(running.job.state == .cancelled)
        #expect(running.job.counts == [.failed: 1, .unexecuted: 2])
    }

    @Test("A finished job that is deleted goes at once, and a running one when nothing of it runs")
    func delete() {
        var finished = Driver(tasks: 1)
        finished.lease(1)
        finished.task(0, .ended(exitCode: 0, detail: nil))
        finished.apply(.delete)
        #expect(finished.effects == [.remove])

        var running = Driver(tasks: 1)
        running.lease(1)
        running.task(0, .started)
        running.apply(.delete)
        #expect(running.effects == [.stopAttempts])
        running.task(0, .ended(exitCode: 137, detail: nil))
        #expect(running.effects == [.remove])
    }

    @Test("A job that waited for too long fails, with a note")
    func expire() {
        var driver = Driver(tasks: 1)
        driver.apply(.expire("waited for two days"))
        #expect(driver.job.state == .failed)
        #expect(driver.job.events.contains { $0.kind == .note("waited for two days") })
        driver.apply(.cancel)
        #expect(driver.job.state == .failed)
    }

    @Test("Whatever happens, counts add up, final states stay, and attempts stay within the policy", arguments: 0..<200)
    func property(seed: UInt64) {
        var random = SplitMix(state: seed)
        let retries = Int.random(in: 0...3, using: &random)
        var driver = Driver(tasks: Int.random(in: 1...12, using: &random), retries: retries)
        for _ in 0..<150 {
            let before = driver.job
            driver.randomStep(using: &random)
            #expect(driver.job.counts.values.reduce(0, +) == driver.job.plan.taskCount)
            #expect(driver.job.counts.values.allSatisfy { $0 > 0 })
            if before.state.isFinal, driver.job.state != .deleting { #expect(driver.job == before) }
        }
        driver.finish()
        #expect(driver.job.state.isFinal || driver.isRemoved)
        for task in driver.tasks.values {
            #expect(task.attempt <= retries)
            let started = task.events.filter { $0.to == .running }.count
            let ended = task.events.filter { $0.from == .running }.count
            #expect(started == ended)
            #expect(task.events.filter { $0.exitCode != nil }.count <= retries + 1)
        }
    }
}

/// Drives both machines the way a dispatcher does.
struct Driver {
    var job: JobRecord
    var tasks: [Int: TaskRecord] = [:]
    var effects: [JobMachine.Effect] = []
    var isRemoved = false
    private static let time = Date(timeIntervalSince1970: 1_700_000_000)

    init(tasks: Int, retries: Int = 0) {
        let plan = Plan(
            taskCount: tasks, parallelism: tasks,
            steps: [Step(executable: .script(text: "true"))], retry: RetryPolicy(maxRetries: retries))
        job = JobRecord(
            uid: "u", name: JobName(project: "p", location: "l", id: "j"), plan: plan, createdAt: Self.time,
            source: Data(), submitter: "alice@example.com")
    }

    var states: [JobState] {
        job.events.compactMap { if case .state(_, let to, _) = $0.kind { to } else { nil } }
    }

    mutating func apply(_ input: JobMachine.Input) {
        effects = JobMachine.apply(input, to: &job, at: Self.time)
        if effects.contains(.remove) { isRemoved = true }
        guard effects.contains(.abandonWaiting) else { return }
        for index in tasks.keys.sorted() where tasks[index]?.state == .pending { task(index, .jobEnded) }
    }

    mutating func lease(_ count: Int) {
        guard !job.isEnding, count <= job.untouchedCount else { return }
        for index in job.nextIndex..<job.nextIndex + count {
            var task = TaskRecord(index: index)
            _ = TaskMachine.apply(.leased(node: "n"), to: &task, retry: nil, at: Self.time)
            tasks[index] = task
        }
        apply(.leased(count: count))
    }

    mutating func task(_ index: Int, _ input: TaskMachine.Input) {
        guard var task = tasks[index] else { return }
        let retry = job.isEnding ? nil : job.plan.retry
        guard let transition = TaskMachine.apply(input, to: &task, retry: retry, at: Self.time) else { return }
        tasks[index] = task
        apply(.task(index: index, transition))
    }

    mutating func randomStep(using random: inout SplitMix) {
        let index = Int.random(in: 0..<job.plan.taskCount, using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<20: lease(Int.random(in: 1...3, using: &random))
        case 20..<45: task(index, .started)
        case 45..<65: task(index, .ended(exitCode: 0, detail: nil))
        case 65..<75: task(index, .ended(exitCode: 1, detail: nil))
        case 75..<82: task(index, .givenBack)
        case 82..<97: if !job.isEnding { task(index, .leased(node: "n")) }
        case 97: apply(.cancel)
        case 98: apply(.delete)
        default: apply(.expire("late"))
        }
    }

    /// Runs what is left to its end.
    mutating func finish() {
        for _ in 0...job.plan.retry.maxRetries + 1 {
            lease(job.untouchedCount)
            for index in tasks.keys.sorted() {
                if !job.isEnding { task(index, .leased(node: "n")) }
                task(index, .started)
                task(index, .ended(exitCode: 0, detail: nil))
            }
        }
    }
}

/// A random generator that repeats itself for the same seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
