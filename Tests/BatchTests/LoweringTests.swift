import Foundation
import Requests
import SwiftProtobuf
import Testing
import Workload

@testable import Batch

@Suite("Lowering a job to a plan")
struct LoweringTests {
    /// The plan of a job in JSON, by the way of its defaults.
    private func plan(_ json: String, user: TaskUser = .root) throws -> Plan {
        let region = try Region.named("us-central1")
        let identity = JobDefaults.Identity(
            id: "hello", uid: "hello-u", place: Place(project: FakeDirectory.demo, region: region),
            serviceAccount: "sa@demo", createdAt: World.start)
        let job = JobDefaults.filled(try Wire.Job(jsonString: json), as: identity)
        return try JobLowering(
            job: job, name: identity.name, projectNumber: "123456789012", user: user,
            account: .init(email: "sa@demo", uniqueID: "1"), hostDirectories: HostDirectories(), logLimit: 1000
        ).plan()
    }

    private func plan(spec fields: String, group: String = "\"taskCount\":1") throws -> Plan {
        try plan(
            "{\"taskGroups\":[{\"taskSpec\":{\"runnables\":[{\"script\":{\"text\":\"true\"}}],\(fields)},\(group)}]}")
    }

    private func plan(group fields: String) throws -> Plan { try plan(spec: "\"maxRetryCount\":0", group: fields) }

    @Test("The documented job becomes one step of three tasks")
    func documented() throws {
        let account = PosixAccount(
            username: "alice_example_com", uid: 70_001, gid: 70_001, home: "/home/alice_example_com")
        let plan = try plan(World.hello, user: .account(account))
        #expect(plan.taskCount == 3)
        #expect(plan.parallelism == 3)
        #expect(plan.order == .any)
        #expect(
            plan.steps == [
                Step(executable: .script(text: "echo Hello World! This is task $BATCH_TASK_INDEX."))
            ])
        #expect(plan.user == .account(account))
        #expect(plan.resources == Resources(cpuMilli: 2000, memoryMiB: 2000))
        #expect(plan.attemptLimit == nil)
        #expect(plan.retry == RetryPolicy())
        #expect(
            plan.taskVariables == [
                "BATCH_TASK_INDEX": .index, "BATCH_TASK_COUNT": .count, "BATCH_TASK_RETRY_ATTEMPT": .attempt,
            ])
    }

    @Test("Kept logs bear the labels by which clients look for them, and the job's own")
    func logs() throws {
        let json = World.hello.replacingOccurrences(
            of: "{\"taskGroups\"", with: "{\"labels\":{\"team\":\"x\",\"job_uid\":\"forged\"},\"taskGroups\"")
        guard case .keep(let limit, let template) = try plan(json).logs else {
            Issue.record("the logs are not kept")
            return
        }
        #expect(limit == 1000)
        #expect(template.project == "demo")
        #expect(template.logID == "batch_task_logs")
        #expect(template.resourceType == "batch.googleapis.com/Job")
        #expect(
            template.resourceLabels == [
                "resource_container": "projects/123456789012", "location": "us-central1", "job_id": "hello",
            ])
        #expect(
            template.labels == [
                "team": "x", "job_uid": "hello-u", "task_id": "hello-u-group0-{index}", "runnable_index": "{step}",
                "task_group_name": "projects/demo/locations/us-central1/jobs/hello/taskGroups/group0",
            ])
    }

    @Test("Logs without a destination are thrown away")
    func discardedLogs() throws {
        #expect(try plan(spec: "\"maxRetryCount\":0").logs == .discard)
    }

    @Test(
        "Task count and parallelism have Batch's defaults",
        arguments: [
            ("\"taskCount\":7", 7, 7, TaskOrder.any),
            ("\"taskCount\":90000", 90000, 5000, .any),
            ("\"taskCount\":7,\"parallelism\":2", 7, 2, .any),
            ("\"parallelism\":2", 1, 2, .any),
            ("\"taskCount\":7,\"schedulingPolicy\":\"IN_ORDER\"", 7, 1, .byIndex),
            ("\"taskEnvironments\":[{},{}]", 2, 2, .any),
            ("\"taskCount\":9,\"taskEnvironments\":[{},{}]", 2, 2, .any),
        ])
    func counts(_ group: String, _ tasks: Int, _ parallelism: Int, _ order: TaskOrder) throws {
        let plan = try plan(group: group)
        #expect(plan.taskCount == tasks)
        #expect(plan.parallelism == parallelism)
        #expect(plan.order == order)
    }

    @Test("Environments keep their levels")
    func environments() throws {
        let plan = try plan(
            """
            {"taskGroups":[{"taskSpec":{
              "runnables":[{"script":{"text":"true"},"environment":{"variables":{"A":"runnable"}}}],
              "environments":{"A":"old","B":"old","C":"old"},
              "environment":{"variables":{"A":"task","B":"task"}}},
              "taskEnvironments":[{"variables":{"B":"first"}},{"variables":{"B":"second"}}]}]}
            """)
        #expect(plan.environment == ["A": "task", "B": "task", "C": "old"])
        #expect(plan.taskEnvironments == [["B": "first"], ["B": "second"]])
        #expect(plan.steps.first?.environment == ["A": "runnable"])
    }

    @Test("Runnables become steps in their order, with their options")
    func steps() throws {
        let plan = try plan(
            """
            {"taskGroups":[{"taskSpec":{"runnables":[
              {"script":{"path":"/opt/serve"},"background":true,"displayName":"serve"},
              {"script":{"text":"work"},"ignoreExitStatus":true,"timeout":"1.5s","labels":{"k":"v"}},
              {"script":{"text":"clean"},"alwaysRun":true,"timeout":"0s"}]}}]}
            """)
        #expect(
            plan.steps == [
                Step(name: "serve", executable: .file(path: "/opt/serve"), runsInBackground: true),
                Step(
                    executable: .script(text: "work"), timeout: .milliseconds(1500),
                    ignoresExitStatus: true, labels: ["k": "v"]),
                Step(executable: .script(text: "clean"), alwaysRuns: true),
            ])
    }

    @Test(
        "Retries follow the lifecycle policy",
        arguments: [
            ("\"maxRetryCount\":2", RetryPolicy(maxRetries: 2)),
            (
                "\"maxRetryCount\":3,\"lifecyclePolicies\":[{\"action\":\"RETRY_TASK\",\"actionCondition\":{\"exitCodes\":[50001]}}]",
                RetryPolicy(maxRetries: 3, rule: .init(action: .retry, exitCodes: [50001]))
            ),
            (
                "\"lifecyclePolicies\":[{\"action\":\"FAIL_TASK\",\"actionCondition\":{\"exitCodes\":[1,2]}}]",
                RetryPolicy(maxRetries: 0, rule: .init(action: .fail, exitCodes: [1, 2]))
            ),
        ])
    func retries(_ spec: String, _ expected: RetryPolicy) throws {
        #expect(try plan(spec: spec).retry == expected)
    }

    @Test("Resources and limits are taken over")
    func resources() throws {
        let plan = try plan(
            spec: "\"computeResource\":{\"cpuMilli\":\"500\",\"memoryMib\":64},\"maxRunDuration\":\"90s\"")
        #expect(plan.resources == Resources(cpuMilli: 500, memoryMiB: 64))
        #expect(plan.attemptLimit == .seconds(90))
    }
}
