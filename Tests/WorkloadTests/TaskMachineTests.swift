import FoundationEssentials
import Testing
import Workload

@Suite("A task's states")
struct TaskMachineTests {
    static let time = Date(timeIntervalSince1970: 1_700_000_000)

    struct Row: CustomTestStringConvertible, Sendable {
        var inputs: [TaskMachine.Input]
        var retry: RetryPolicy? = RetryPolicy()
        var state: TaskState
        var attempt = 0
        var events: Int

        var testDescription: String { "\(inputs) → \(state)" }
    }

    @Test(
        "go from input to input",
        arguments: [
            Row(inputs: [], state: .pending, events: 0),
            Row(inputs: [.leased(node: "n")], state: .assigned, events: 1),
            Row(inputs: [.leased(node: "n"), .started], state: .running, events: 2),
            Row(
                inputs: [.leased(node: "n"), .started, .ended(exitCode: 0, detail: nil)], state: .succeeded, events: 3),
            Row(inputs: [.leased(node: "n"), .started, .ended(exitCode: 7, detail: nil)], state: .failed, events: 3),
            Row(inputs: [.leased(node: "n"), .ended(exitCode: 50000, detail: "x")], state: .failed, events: 2),
            Row(inputs: [.leased(node: "n"), .givenBack], state: .pending, events: 0),
            Row(
                inputs: [.leased(node: "n"), .started, .ended(exitCode: 7, detail: nil)],
                retry: RetryPolicy(maxRetries: 1), state: .pending, attempt: 1, events: 3),
            Row(
                inputs: [.leased(node: "n"), .started, .ended(exitCode: 7, detail: nil), .jobEnded],
                retry: RetryPolicy(maxRetries: 1), state: .failed, attempt: 1, events: 4),
            Row(
                inputs: [.leased(node: "n"), .started, .ended(exitCode: 7, detail: nil)], retry: nil, state: .failed,
                events: 3),
            Row(inputs: [.jobEnded], state: .unexecuted, events: 1),
            Row(inputs: [.started], state: .pending, events: 0),
            Row(inputs: [.leased(node: "n"), .started, .givenBack], state: .running, events: 2),
        ])
    func table(_ row: Row) {
        var task = TaskRecord(index: 3)
        for input in row.inputs { _ = TaskMachine.apply(input, to: &task, retry: row.retry, at: Self.time) }
        #expect(task.state == row.state)
        #expect(task.attempt == row.attempt)
        #expect(task.events.count == row.events)
    }

    @Test("An attempt's end names its node and exit code, and a final failure is told")
    func failure() throws {
        var task = TaskRecord(index: 0)
        _ = TaskMachine.apply(.leased(node: "n1"), to: &task, retry: RetryPolicy(), at: Self.time)
        #expect(task.node == "n1")
        let transition = try #require(
            TaskMachine.apply(.ended(exitCode: 50002, detail: nil), to: &task, retry: RetryPolicy(), at: Self.time))
        #expect(transition.failure == task.events.last)
        #expect(task.events.last?.node == "n1")
        #expect(task.events.last?.exitCode == 50002)
        #expect(task.node == nil)
    }

    @Test("Nothing changes a final state", arguments: [TaskState.succeeded, .failed, .unexecuted])
    func final(_ state: TaskState) {
        let inputs: [TaskMachine.Input] = [
            .leased(node: "n"), .started, .ended(exitCode: 1, detail: nil), .givenBack, .jobEnded,
        ]
        var task = TaskRecord(index: 0, state: state)
        for input in inputs {
            #expect(TaskMachine.apply(input, to: &task, retry: RetryPolicy(maxRetries: 9), at: Self.time) == nil)
        }
        #expect(task == TaskRecord(index: 0, state: state))
    }

    @Test(
        "A lifecycle policy gives the exit codes that it does not list the opposite action",
        arguments: [
            (RetryPolicy.Action.retry, Int32(5), true), (.retry, 6, false), (.fail, 5, false), (.fail, 6, true),
            (.fail, 0, false),
        ])
    func policy(action: RetryPolicy.Action, exitCode: Int32, retried: Bool) {
        let policy = RetryPolicy(maxRetries: 2, rule: .init(action: action, exitCodes: [5]))
        #expect(policy.retries(exitCode: exitCode, attempt: 1) == retried)
        #expect(!policy.retries(exitCode: exitCode, attempt: 2))
    }
}
