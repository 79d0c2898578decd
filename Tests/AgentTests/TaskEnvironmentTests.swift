import Testing
import Workload

@testable import Agent

@Suite("A step's environment")
struct TaskEnvironmentTests {
    private var plan: Plan {
        Plan(
            taskCount: 2,
            steps: [
                Step(executable: .script(text: ""), environment: ["C": "step", "B": "step", "I": "step"])
            ],
            environment: ["A": "job", "B": "job", "C": "job", "PATH": "/job"],
            taskEnvironments: [["B": "task 0"], ["A": "task 1", "C": "task 1"]],
            taskVariables: ["I": .index, "N": .count, "R": .attempt])
    }

    private func variables(_ plan: Plan, index: Int) -> [String: String] {
        TaskEnvironment(plan: plan, index: index, attempt: 3).variables(for: plan.steps[0])
    }

    @Test("is the job's, then the task's, then the step's, then what is predefined")
    func order() {
        let first = variables(plan, index: 0)
        #expect(first["A"] == "job")
        #expect(first["B"] == "step")
        #expect(first["PATH"] == "/job")
        let second = variables(plan, index: 1)
        #expect(second["A"] == "task 1")
        #expect(second["C"] == "step")
        #expect([second["I"], second["N"], second["R"]] == ["1", "2", "3"])
    }

    @Test("begins as on a virtual machine, by account")
    func accounts() {
        var plan = plan
        #expect(variables(plan, index: 0)["HOME"] == "/root")
        #expect(variables(plan, index: 0)["USER"] == "root")
        plan.user = .account(PosixAccount(username: "alice", uid: 2000, gid: 2000, home: "/home/alice"))
        let variables = variables(plan, index: 0)
        #expect(variables["HOME"] == "/home/alice")
        #expect(variables["LOGNAME"] == "alice")
        #expect(variables["SHELL"] == "/bin/bash")
    }
}
