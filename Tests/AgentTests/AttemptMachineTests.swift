import Testing
import Workload

@testable import Agent

@Suite("The rules by which an attempt runs its steps")
struct AttemptMachineTests {
    /// A job's steps, what happens, and the outcome: `s2` in `expected` is the start of step 2.
    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var steps: [Step]
        var limit: Duration?
        var events: [AttemptMachine.Event]
        var started: [Int]
        var code: Int32?

        init(
            _ description: String, _ steps: [Step], limit: Duration? = nil, _ events: [AttemptMachine.Event],
            started: [Int], code: Int32?
        ) {
            testDescription = description
            self.steps = steps
            self.limit = limit
            self.events = events
            self.started = started
            self.code = code
        }
    }

    static let plain = Step(name: "plain", executable: .script(text: ""))
    static let ignored = Step(name: "ignored", executable: .script(text: ""), ignoresExitStatus: true)
    static let always = Step(name: "always", executable: .script(text: ""), alwaysRuns: true)
    static let background = Step(name: "background", executable: .script(text: ""), runsInBackground: true)
    static let ignoredBackground = Step(
        name: "both", executable: .script(text: ""), ignoresExitStatus: true, runsInBackground: true)
    static let barrier = Step(executable: .barrier)
    static let timed = Step(name: "timed", executable: .script(text: ""), timeout: .seconds(5))

    static let timedBackground = Step(
        executable: .script(text: ""), timeout: .seconds(5), runsInBackground: true)

    static func end(_ step: Int, _ code: Int32 = 0) -> AttemptMachine.Event { .ended(step: step, code: code) }

    static let examples: [Example] = [
        Example("one step succeeds", [plain], [end(0)], started: [0], code: 0),
        Example("one step fails", [plain], [end(0, 3)], started: [0], code: 3),
        Example("steps run in order", [plain, plain], [end(0), end(1)], started: [0, 1], code: 0),
        Example("a step waits for the one before", [plain, plain], [], started: [0], code: nil),
        Example("a failure skips the rest", [plain, plain], [end(0, 7)], started: [0], code: 7),
        Example("an ignored failure does not", [ignored, plain], [end(0, 7), end(1)], started: [0, 1], code: 0),
        Example(
            "always runs after a failure", [plain, plain, always], [end(0, 7), end(2)], started: [0, 2], code: 7),
        Example("the first failure counts", [plain, always], [end(0, 7), end(1, 9)], started: [0, 1], code: 7),
        Example("always can fail by itself", [plain, always], [end(0), end(1, 9)], started: [0, 1], code: 9),
        Example(
            "an eviction ends all, and nothing else starts", [background, plain, always],
            [.evict(why: "x"), end(1, 137), end(0, 3)], started: [0, 1], code: 137),
        Example(
            "an eviction hastens what is being ended, and leaves its reason", [plain, always], limit: .seconds(1),
            [.timer(.attempt), .evict(why: "x"), end(0, 137)], started: [0], code: 50005),
        Example(
            "a barrier lets the next step go when it opens", [plain, barrier, plain],
            [end(0), .opened(step: 1), end(2)], started: [0, 1, 2], code: 0),
        Example(
            "a barrier that opened early is not passed by that", [plain, barrier, plain],
            [.opened(step: 1), end(0)], started: [0, 1], code: nil),
        Example(
            "a barrier that will never open fails the attempt", [barrier, plain, always],
            [.broken(step: 0, why: "x"), end(2)], started: [0, 2], code: 50000),
        Example("signals count as 128 + n", [plain], [end(0, 139)], started: [0], code: 139),
        Example("background does not hold up", [background, plain], [], started: [0, 1], code: nil),
        Example(
            "background is ended at the end", [background, plain], [end(1), end(0, 143)], started: [0, 1], code: 0),
        Example(
            "background that failed before fails the attempt", [background, plain, plain], [end(0, 4), end(1)],
            started: [0, 1], code: 4),
        Example(
            "ignored background does not", [ignoredBackground, plain, plain], [end(0, 4), end(1), end(2)],
            started: [0, 1, 2], code: 0),
        Example("background done before is done", [background, plain], [end(0), end(1)], started: [0, 1], code: 0),
        Example("only background steps", [background], [end(0, 143)], started: [0], code: 0),
        Example(
            "a step over its limit", [timed, plain], [.timer(.step(0)), end(0, 143)], started: [0], code: 50005),
        Example(
            "a background step over its limit that outlives the rest", [timedBackground, plain],
            [.timer(.step(0)), end(1), end(0, 137)], started: [0, 1], code: 50005),
        Example(
            "a background step whose limit comes after the rest", [timedBackground, plain],
            [end(1), .timer(.step(0)), end(0, 137)], started: [0, 1], code: 0),
        Example(
            "a step that ends well after its limit", [timed], [.timer(.step(0)), end(0)], started: [0], code: 50005),
        Example(
            "a limit after the end", [timed, plain], [end(0), .timer(.step(0)), end(1)], started: [0, 1], code: 0),
        Example(
            "the attempt over its limit runs nothing more", [plain, always], limit: .seconds(9),
            [.timer(.attempt), end(0, 143)], started: [0], code: 50005),
        Example(
            "the attempt's limit outdoes a failure", [plain, always], limit: .seconds(9),
            [end(0, 7), .timer(.attempt), end(1)], started: [0, 1], code: 50005),
        Example(
            "a stopped attempt has its real code", [plain, always], [.stop(grace: .zero), end(0, 42)], started: [0],
            code: 42),
        Example(
            "a stopped step that ends well leaves steps undone", [plain, plain], [.stop(grace: .zero), end(0)],
            started: [0], code: 143),
        Example(
            "stopped in the last step, which ends well", [plain], [.stop(grace: .zero), end(0)], started: [0], code: 0),
        Example(
            "what cannot be killed is given up", [plain],
            [.stop(grace: .zero), .timer(.kill(0)), .timer(.giveUp(0))], started: [0], code: 50004),
        Example(
            "a step that cannot be started", [plain, plain], [.notStarted(step: 0, why: "no room")], started: [0],
            code: 50000),
    ]

    @Test("follow the documentation", arguments: examples)
    func outcome(_ example: Example) {
        var machine = AttemptMachine(steps: example.steps, limit: example.limit)
        let effects = example.events.reduce(into: machine.begin()) { $0 += machine.handle($1) }
        let started = effects.compactMap { if case .start(let step) = $0 { step } else { nil } }
        let outcomes = effects.compactMap { if case .finish(let outcome) = $0 { outcome } else { nil } }
        #expect(started == example.started)
        #expect(outcomes.map(\.code) == (example.code.map { [$0] } ?? []))
    }

    @Test("A limit is armed with its step, and asks before it kills")
    func limits() {
        var machine = AttemptMachine(steps: [Self.timed], limit: .seconds(60))
        #expect(machine.begin() == [.arm(.attempt, .seconds(60)), .start(0), .arm(.step(0), .seconds(5))])
        #expect(machine.handle(.timer(.step(0))) == [.signal(0, .terminate), .arm(.kill(0), .seconds(5))])
        #expect(machine.handle(.timer(.kill(0))) == [.signal(0, .kill), .arm(.giveUp(0), .seconds(30))])
    }

    @Test("A stop gives all that runs its grace")
    func stopping() {
        var machine = AttemptMachine(steps: [Self.background, Self.plain], limit: nil)
        _ = machine.begin()
        #expect(
            machine.handle(.stop(grace: .seconds(3))) == [
                .signal(0, .terminate), .arm(.kill(0), .seconds(3)),
                .signal(1, .terminate), .arm(.kill(1), .seconds(3)),
            ])
    }

    @Test("The detail tells which limit was reached")
    func details() {
        var machine = AttemptMachine(steps: [Self.timed], limit: nil)
        _ = machine.begin() + machine.handle(.timer(.step(0)))
        #expect(
            machine.handle(Self.end(0, 143)) == [
                .finish(AttemptOutcome(code: 50005, detail: "Step 0 (timed) reached its time limit of 5.0 seconds."))
            ])
    }

    @Test("A step is called by its position, and by its name if it has one")
    func titles() {
        #expect(Step(executable: .script(text: "")).title(at: 3) == "Step 3")
        #expect(Self.timed.title(at: 3) == "Step 3 (timed)")
    }
}
