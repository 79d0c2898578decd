import Foundation
import Sandbox
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

    private func variables(
        _ plan: Plan, index: Int, secrets: [SecretReference: Data] = [:]
    ) throws -> [String: String] {
        try TaskEnvironment(plan: plan, index: index, attempt: 3, secrets: secrets).variables(for: plan.steps[0])
    }

    @Test("has secrets in the places of the variables that name them")
    func secrets() throws {
        var plan = plan
        let (one, two) = (SecretReference(project: "p", secret: "one"), SecretReference(project: "p", secret: "two"))
        plan.secretEnvironment = ["A": one, "S": one]
        plan.steps[0].secretEnvironment = ["C": two]
        let variables = try variables(plan, index: 0, secrets: [one: Data("1".utf8), two: Data("2".utf8)])
        #expect([variables["A"], variables["S"], variables["C"]] == ["1", "1", "2"])
        for value in [Data([0xFF]), Data("a\0b".utf8)] {
            #expect(throws: SandboxError.self) {
                try self.variables(plan, index: 0, secrets: [one: value, two: value])
            }
        }
        #expect(throws: SandboxError.self) { try self.variables(plan, index: 0) }
    }

    @Test("tells a task with an identity the way to its services, which the job's own variables go before")
    func services() throws {
        var plan = plan
        #expect(try variables(plan, index: 0)["GCE_METADATA_HOST"] == nil)
        plan.identity = TaskIdentity(
            account: "robot@demo", accountID: "1", project: "demo", projectNumber: "1", region: "r", zone: "z",
            platform: .virtualMachine, puller: "robot@demo")
        plan.environment["SSL_CERT_FILE"] = "/own.pem"
        let variables = try variables(plan, index: 0)
        #expect(variables["GCE_METADATA_HOST"] == "169.254.169.254")
        #expect(variables["https_proxy"] == "http://169.254.169.254:28787")
        #expect(variables["no_proxy"]?.contains("metadata.google.internal") == true)
        #expect(variables["REQUESTS_CA_BUNDLE"] == "/etc/landfall/authorities.pem")
        #expect(variables["SSL_CERT_FILE"] == "/own.pem")
    }

    @Test("is the job's, then the task's, then the step's, then what is predefined")
    func order() throws {
        let first = try variables(plan, index: 0)
        #expect(first["A"] == "job")
        #expect(first["B"] == "step")
        #expect(first["PATH"] == "/job")
        let second = try variables(plan, index: 1)
        #expect(second["A"] == "task 1")
        #expect(second["C"] == "step")
        #expect([second["I"], second["N"], second["R"]] == ["1", "2", "3"])
    }

    @Test("begins as on a virtual machine, by account")
    func accounts() throws {
        var plan = plan
        #expect(try variables(plan, index: 0)["HOME"] == "/root")
        #expect(try variables(plan, index: 0)["USER"] == "root")
        plan.user = .account(PosixAccount(username: "alice", uid: 2000, gid: 2000, home: "/home/alice"))
        let variables = try variables(plan, index: 0)
        #expect(variables["HOME"] == "/home/alice")
        #expect(variables["LOGNAME"] == "alice")
        #expect(variables["SHELL"] == "/bin/bash")
    }
}
