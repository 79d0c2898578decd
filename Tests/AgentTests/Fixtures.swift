import Foundation
import Logging
import Sandbox
import Schema
import Workload

@testable import Agent

extension Plan {
    /// Steps that are scripts, for tests.
    static func scripts(
        _ texts: String..., taskCount: Int = 100, resources: Resources = Resources(cpuMilli: 1000, memoryMiB: 10)
    ) -> Plan {
        Plan(
            taskCount: taskCount, steps: texts.map { Step(executable: .script(text: $0)) },
            resources: resources, logs: .keep(limit: 1_000_000, as: .test))
    }
}

extension LogTemplate {
    static var test: LogTemplate {
        LogTemplate(project: "p", logID: "batch_task_logs", resourceType: "t", resourceLabels: [:], labels: [:])
    }
}

extension Agent {
    /// An agent with nothing but fakes around it.
    static func forTests(
        _ sandboxes: FakeSandboxes, cores: Int = 4, socketPath: String = "/nowhere/agent.sock",
        images: any ImageSource = NoImages(), logWindow: Int = 1 << 20, patience: Duration = .seconds(300),
        longestSilence: Duration = .seconds(600), hostDirectories: HostDirectories = HostDirectories()
    ) throws -> Agent {
        var configuration = AgentConfiguration(
            socketPath: socketPath, ownerUID: geteuid(), node: "node-1",
            capacity: Resources(cpuMilli: cores * 1000, memoryMiB: 1000))
        configuration.logWindow = logWindow
        configuration.hostDirectories = hostDirectories
        configuration.patience = patience
        configuration.longestSilence = longestSilence
        return try Agent(
            configuration: configuration, sandboxes: sandboxes, images: images,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            clock: ContinuousClock(),
            graces: AttemptMachine.Graces(
                timeout: .milliseconds(20), background: .milliseconds(20), kill: .milliseconds(50)))
    }

    /// Takes a lease of `plan`'s tasks.
    func lease(
        _ uid: String, _ indices: Range<UInt32>, plan: Plan? = nil, attempt: UInt32 = 0, priority: Int32 = 0
    ) throws {
        receive(try .lease(uid, indices, plan: plan, attempt: attempt, priority: priority))
    }
}

extension Landfall_Agent_V1_ToAgent {
    static func lease(
        _ uid: String, _ indices: Range<UInt32>, plan: Plan? = nil, attempt: UInt32 = 0, priority: Int32 = 0
    ) throws -> Self {
        let data = try plan.map { try JSONEncoder().encode($0) } ?? Data()
        return .with {
            $0.lease = .with {
                $0.jobUid = uid
                $0.first = indices.lowerBound
                $0.count = UInt32(indices.count)
                $0.attempt = attempt
                $0.plan = data
                $0.priority = priority
            }
        }
    }
}

extension Outbox {
    /// Waits until what is not acknowledged satisfies `condition`, and returns it. One test may wait at a time.
    func items(until condition: ([Item]) -> Bool) async -> [Item] {
        while true {
            let items = batch(after: 0, size: .max)
            if condition(items) { return items }
            await added.wait()
        }
    }

    /// Waits until `count` attempts have ended.
    func items(ended count: Int) async -> [Item] {
        await items { $0.count { $0.isEnd } >= count }
    }
}

extension Landfall_Agent_V1_Item {
    var isEnd: Bool { if case .ended = kind { true } else { false } }

    /// The item in short: `start 0`, `out 0 a|b`, `end 0 3`.
    var summary: String {
        switch kind {
        case .started: "start \(attempt.index)"
        case .lines(let lines):
            "\(lines.stream == .stdout ? "out" : "err") \(attempt.index) "
                + lines.lines.map { String(decoding: $0.text, as: UTF8.self) }.joined(separator: "|")
        case .ended(let ended):
            ended.neverStarted ? "back \(attempt.index)" : "end \(attempt.index) \(ended.exitCode)"
        case .step(let change):
            "step \(change.step)" + (change.hasExitCode ? " ended \(change.exitCode)" : " started")
        case .waits(let waits): "waits \(waits.step)"
        case nil: "nothing"
        }
    }
}
