import Foundation
import Methods
import Schema
import SwiftProtobuf
import Testing
import Workload

@testable import CloudRun

@Suite("What the engine is told of an execution")
struct LoweringTests {
    private func plan(_ task: String = "", container: String = "", template: String = "", overrides: String? = nil)
        async throws -> Plan
    {
        let world = try await World()
        world.hostDirectories = HostDirectories(
            buckets: ["data": "/srv/data"], exports: ["files:/x": "/mnt/files/x"])
        for secret in ["key", "other", "password"] { try await world.addSecret(secret) }
        let json = """
            {"template":{\(template)"template":{\(task)"containers":[{\(container)"image":"busybox"}]}}}
            """
        try await world.create(json)
        let execution = try await world.start(overrides: overrides)
        return try #require(try await world.store.job(named: world.name(execution))).plan
    }

    private func container(_ plan: Plan) throws -> Container {
        guard case .container(let container)? = plan.steps.first?.executable else { throw NoContainer() }
        return container
    }

    private struct NoContainer: Error {}

    @Test("Without a word of its own it has Cloud Run's limits, and the image's command")
    func defaults() async throws {
        let plan = try await plan()
        #expect(plan.taskCount == 1 && plan.parallelism == 1)
        #expect(plan.resources == Resources(cpuMilli: 1000, memoryMiB: 512))
        #expect(plan.retry.maxRetries == 3)
        #expect(plan.attemptLimit == .seconds(600))
        #expect(plan.timeoutGrace == .seconds(10))
        #expect(plan.onTaskFailure == .goOn)
        let container = try container(plan)
        #expect(container.image == "busybox")
        #expect(container.entrypoint == nil && container.arguments == nil && container.workingDirectory == nil)
        #expect(container.writesToMemory)
    }

    @Test(
        "All tasks may run at once unless it says how many",
        arguments: [(#""taskCount":7,"#, 7), (#""taskCount":7,"parallelism":2,"#, 2)])
    func parallelism(_ template: String, _ parallelism: Int) async throws {
        #expect(try await plan(template: template).parallelism == parallelism)
    }

    @Test("Its tasks know which they are, and nobody can tell them otherwise")
    func variables() async throws {
        let plan = try await plan(
            container:
                #""env":[{"name":"CLOUD_RUN_JOB","value":"x"},{"name":"A","value":"1"},{"name":"A","value":"2"}],"#)
        #expect(
            plan.taskVariables == [
                "CLOUD_RUN_TASK_INDEX": .index, "CLOUD_RUN_TASK_ATTEMPT": .attempt, "CLOUD_RUN_TASK_COUNT": .count,
            ])
        #expect(plan.steps[0].environment["CLOUD_RUN_JOB"] == "report")
        #expect(plan.steps[0].environment["CLOUD_RUN_EXECUTION"]?.hasPrefix("report-") == true)
        #expect(plan.steps[0].environment["A"] == "2")
    }

    @Test(
        "Words have the values of variables put in, and what is unknown stays",
        arguments: [
            ("$(A)", "one"), ("x$(A)y$(A)", "xoneyone"), ("$(B)", "$(B)"), ("$$(A)", "$(A)"), ("$A", "$A"), ("$", "$"),
            ("$(A", "$(A"), ("$()", "$()"), ("$(A)$(", "one$("),
        ])
    func expansion(_ word: String, _ result: String) throws {
        #expect(try VariableExpansion(variables: ["A": "one"]).expanded([word]) == [result])
    }

    @Test("A word that names a variable again and again is not drawn out beyond what can be started")
    func longExpansion() async throws {
        let expansion = VariableExpansion(variables: ["A": String(repeating: "x", count: 32_000)])
        #expect(try expansion.expanded(["$(A)$(A)$(A)$(A)"])[0].utf8.count == 128_000)
        let word = String(repeating: "$(A)", count: 8000)
        #expect(throws: VariableExpansion.TooLong.self) { try expansion.expanded([word]) }
        let many = Array(repeating: "$(A)$(A)$(A)$(A)", count: 20)
        #expect(throws: VariableExpansion.TooLong.self) { try expansion.expanded(many) }
        let long = String(repeating: "x", count: 32_000)
        let error = await #expect(throws: ServiceError.self) {
            try await plan(container: #""args":["\#(word)"],"env":[{"name":"A","value":"\#(long)"}],"#)
        }
        #expect(error?.fields == ["job.template.template.containers[0].args"])
    }

    @Test("Words full of what only looks like variables are looked through once")
    func longUnknown() throws {
        let words = Array(repeating: String(repeating: "$(", count: 16_000) + ")", count: 30)
        #expect(try VariableExpansion(variables: [:]).expanded(words) == words)
    }

    @Test("Command and arguments are expanded, values of variables are not")
    func words() async throws {
        let plan = try await plan(
            container:
                #""command":["$(A)"],"args":["-x","$(A)"],"env":[{"name":"A","value":"1"},{"name":"B","value":"$(A)"}],"#
        )
        let container = try container(plan)
        #expect(container.entrypoint == ["1"] && container.arguments == ["-x", "1"])
        #expect(plan.steps[0].environment["B"] == "$(A)")
    }

    @Test("Secrets are variables and files")
    func secrets() async throws {
        let plan = try await plan(
            #""volumes":[{"name":"v","secret":{"secret":"projects/demo/secrets/key","items":[{"path":"a/b","version":"3","mode":256}]}},{"name":"w","secret":{"secret":"other"}}],"#,
            container:
                #""env":[{"name":"S","valueSource":{"secretKeyRef":{"secret":"password"}}}],"volumeMounts":[{"name":"v","mountPath":"/v"}],"#
        )
        #expect(plan.steps[0].secretEnvironment == ["S": SecretReference(project: "demo", secret: "password")])
        #expect(
            plan.volumes == [
                Volume(
                    name: "v",
                    source: .secrets([
                        SecretFile(
                            path: "a/b", secret: SecretReference(project: "demo", secret: "key", version: "3"),
                            mode: 0o400)
                    ]), isReadOnly: true),
                Volume(
                    name: "w",
                    source: .secrets([
                        SecretFile(path: "other", secret: SecretReference(project: "demo", secret: "other"))
                    ]), isReadOnly: true),
            ])
        #expect(try container(plan).mounts == [VolumeMount(volume: "v", path: "/v")])
    }

    @Test("Other volumes are memory, a share, or a directory of the machine")
    func volumes() async throws {
        let plan = try await plan(
            #""volumes":[{"name":"m","emptyDir":{"sizeLimit":"256Mi"}},{"name":"n","nfs":{"server":"files","path":"/x","readOnly":true}},{"name":"b","gcs":{"bucket":"data"}}],"#
        )
        #expect(
            plan.volumes == [
                Volume(name: "m", source: .memory(limitMiB: 256)),
                Volume(name: "n", source: .hostDirectory(path: "/mnt/files/x"), isReadOnly: true),
                Volume(name: "b", source: .hostDirectory(path: "/srv/data")),
            ])
    }

    @Test("It acts as the job's account, and Cloud Run's agent pulls its image")
    func identity() async throws {
        let identity = try #require(try await plan().identity)
        #expect(identity.account == World.defaultAccount)
        #expect(identity.accountID.count == 21)
        #expect(identity.puller == World.agent)
        #expect(identity.platform == .serverless)
        #expect(identity.project == "demo" && identity.projectNumber == "123456789012")
        #expect(identity.region == "us-central1")
    }

    @Test("What it prints is found by the labels that gcloud looks for")
    func logs() async throws {
        let plan = try await plan(template: #""labels":{"team":"blue"},"#)
        guard case .keep(_, let template) = plan.logs else { throw NoContainer() }
        #expect(template.logID == "run.googleapis.com%2Fstdout")
        #expect(template.errorLogID == "run.googleapis.com%2Fstderr")
        #expect(template.resourceType == "cloud_run_job")
        #expect(template.resourceLabels == ["project_id": "demo", "job_name": "report", "location": "us-central1"])
        #expect(template.labels["run.googleapis.com/execution_name"]?.hasPrefix("report-") == true)
        #expect(template.labels["run.googleapis.com/task_index"] == "{index}")
        #expect(template.labels["run.googleapis.com/task_attempt"] == "{attempt}")
        #expect(template.labels["team"] == "blue")
        #expect(template.labels["run.googleapis.com/job"] == nil)
    }

    @Test("Overrides hold for one execution alone")
    func overrides() async throws {
        let plan = try await plan(
            container: #""args":["a"],"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"#,
            template: #""parallelism":1,"#,
            overrides:
                #"{"taskCount":4,"timeout":"30s","containerOverrides":[{"args":["x"],"env":[{"name":"A","value":"9"}]}]}"#
        )
        #expect(plan.taskCount == 4 && plan.parallelism == 1)
        #expect(plan.attemptLimit == .seconds(30))
        #expect(try container(plan).arguments == ["x"])
        #expect(plan.steps[0].environment["A"] == "9" && plan.steps[0].environment["B"] == "2")
        let cleared = try await self.plan(
            container: #""args":["a"],"#, overrides: #"{"containerOverrides":[{"clearArgs":true}]}"#)
        #expect(try container(cleared).arguments == nil)
    }
}
