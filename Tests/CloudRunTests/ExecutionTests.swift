import Dispatcher
import Foundation
import Methods
import Schema
import SwiftProtobuf
import Testing
import Workload

@testable import CloudRun

@Suite("Executions of Cloud Run jobs")
struct ExecutionTests {
    private func world(_ template: String = "", _ task: String = "") async throws -> World {
        let world = try await World()
        try await world.create(World.job(task, template: template))
        return world
    }

    private func condition(_ type: String, of execution: V2.Execution) throws -> V2.Condition {
        try #require(execution.conditions.first { $0.type == type })
    }

    @Test("An execution waits, starts and completes, in both versions")
    func life() async throws {
        let world = try await world(#""taskCount":2,"#)
        let run = try await world.run()
        #expect(!run.done)
        let id = String(try run.metadata.message(as: V2.Execution.self).name.split(separator: "/").last ?? "")
        #expect(id.hasPrefix("report-") && id.utf8.count == "report-".utf8.count + 5)
        var execution = try await world.execution(id)
        #expect(execution.reconciling && execution.taskCount == 2 && execution.parallelism == 2)
        #expect(try condition("Completed", of: execution).message == "Waiting for execution to start.")
        #expect(try condition("Completed", of: execution).state == .conditionReconciling)
        let name = world.name(id)
        try await world.engine.lease(name)
        try await world.engine.happen(.started, to: 0, of: name)
        execution = try await world.execution(id)
        #expect(execution.runningCount == 1 && execution.hasStartTime)
        #expect(try condition("Completed", of: execution).message == "Waiting for execution to complete.")
        #expect(try condition("Started", of: execution).state == .conditionSucceeded)
        #expect(
            try condition("Started", of: execution).message
                .firstMatch(of: /^Started deployed execution in [0-9.]+s\.$/) != nil)
        try await world.engine.happen(.ended(exitCode: 0, detail: nil), to: 0, of: name)
        try await world.engine.run(name)
        execution = try await world.execution(id)
        #expect(!execution.reconciling && execution.succeededCount == 2 && execution.runningCount == 0)
        #expect(
            try condition("Completed", of: execution).message
                .firstMatch(of: /^Execution completed successfully in [0-9.]+s\.$/) != nil)
        let done = try await world.operation(run.name)
        #expect(done.done)
        #expect(try done.response.message(as: V2.Execution.self) == execution)
        let first = try await world.executionV1(id)
        #expect(first.kind == "Execution" && first.status.succeededCount == 2)
        #expect(first.status.conditions.first { $0.type == "Completed" }?.status == "True")
        #expect(first.metadata.labels["run.googleapis.com/job"] == "report")
        #expect(first.metadata.labels["run.googleapis.com/jobGeneration"] == "1")
        #expect(first.metadata.ownerReferences.map(\.name) == ["report"])
        #expect(first.metadata.selfLink == "/apis/run.googleapis.com/v1/namespaces/123456789012/executions/\(id)")
        #expect(first.status.logUri.contains("cloud_run_job") && first.status.logUri == execution.logUri)
        let job = try await world.job()
        #expect(job.executionCount == 1 && job.latestCreatedExecution.name == id)
        #expect(job.latestCreatedExecution.completionStatus == .executionSucceeded)
        #expect(try await world.jobV1().status.latestCreatedExecution.completionStatus == "EXECUTION_SUCCEEDED")
    }

    @Test("It fails when all its tasks have ended, and tells which failed first")
    func failure() async throws {
        let world = try await world(#""taskCount":3,"#, #""maxRetries":0,"#)
        let run = try await world.run()
        let id = String(try run.metadata.message(as: V2.Execution.self).name.split(separator: "/").last ?? "")
        let name = world.name(id)
        try await world.engine.run(name)
        try await world.engine.run(name, exitCode: 3)
        #expect(try await world.execution(id).reconciling)
        try await world.engine.run(name, exitCode: 4)
        let execution = try await world.execution(id)
        #expect(execution.failedCount == 2 && execution.succeededCount == 1 && execution.cancelledCount == 0)
        let completed = try condition("Completed", of: execution)
        #expect(completed.state == .conditionFailed && completed.executionReason == .nonZeroExitCode)
        #expect(
            completed.message
                == "Task \(id)-task1 failed with exit code: 3 and message: The container exited with an error.")
        let operation = try await world.operation(run.name)
        #expect(operation.error.code == 10 && operation.error.message == completed.message)
        #expect(
            try await world.executionV1(id).status.conditions.first { $0.type == "Completed" }?.reason
                == "NonZeroExitCode")
    }

    @Test("A failed attempt is repeated, and counted")
    func retries() async throws {
        let world = try await world("", #""maxRetries":1,"#)
        let id = try await world.start()
        let name = world.name(id)
        try await world.engine.run(name, exitCode: 1)
        let task = try #require(try await world.tasks(of: id).first)
        #expect(task.retried == 1 && task.lastAttemptResult.exitCode == 1 && task.reconciling)
        #expect(task.conditions.contains { $0.type == "Retry" && $0.reason == .immediateRetry })
        try await world.engine.happen(
            .leased(node: "node"), .started, .ended(exitCode: 0, detail: nil), to: 0, of: name)
        let execution = try await world.execution(id)
        #expect(execution.retriedCount == 1 && execution.succeededCount == 1 && execution.failedCount == 0)
        #expect(try await world.executionV1(id).status.retriedCount == 1)
    }

    @Test("Attempts that end before their container starts are counted too, and have no exit code for a reason")
    func neverStarted() async throws {
        let world = try await world("", #""maxRetries":1,"#)
        let id = try await world.start()
        let name = world.name(id)
        try await world.engine.lease(name)
        try await world.engine.happen(
            .ended(exitCode: 50000, detail: "no such secret"), .leased(node: "node"),
            .ended(exitCode: 50000, detail: "no such secret"), to: 0, of: name)
        let execution = try await world.execution(id)
        let task = try #require(try await world.tasks(of: id).first)
        #expect(task.retried == 1 && execution.retriedCount == 1 && execution.failedCount == 1)
        #expect(try condition("Completed", of: execution).reason == .internal)
        #expect(task.conditions.first { $0.type == "Completed" }?.reason == .internal)
        let first = try await world.executionV1(id).status
        #expect(first.retriedCount == 1)
        #expect(first.conditions.first { $0.type == "Completed" }?.reason == "Internal")
    }

    @Test(
        "What became of an attempt is told in Cloud Run's terms",
        arguments: [
            (1, nil, 10, 1, 0, "The container exited with an error."),
            (137, "Out of memory.", 10, 0, 9, "The container was terminated on signal 9. Out of memory."),
            (143, nil, 10, 0, 15, "The container was terminated on signal 15."),
            (130, nil, 10, 130, 0, "The container exited with an error."),
            (50005, nil, 4, 0, 0, "The configured timeout was reached."),
            (50002, nil, 13, 0, 0, "The node that ran the task was lost."),
            (50000, "image not found", 13, 0, 0, "image not found"),
        ] as [(Int32, String?, Int32, Int32, Int32, String)])
    func attempts(
        _ exitCode: Int32, _ detail: String?, _ code: Int32, _ shown: Int32, _ signal: Int32, _ message: String
    ) async throws {
        let world = try await world("", #""maxRetries":0,"#)
        let run = try await world.run()
        let id = String(try run.metadata.message(as: V2.Execution.self).name.split(separator: "/").last ?? "")
        try await world.engine.run(world.name(id), exitCode: exitCode, detail: detail)
        let result = try #require(try await world.tasks(of: id).first).lastAttemptResult
        #expect(result.status.code == code && result.status.message == message)
        #expect(result.exitCode == shown && result.termSignal == signal)
        #expect(try await world.operation(run.name).error.code == (exitCode == 50005 ? 4 : 10))
        let first = try await world.taskV1("\(id)-task0").status.lastAttemptResult
        #expect(first.exitCode == shown && first.termSignal == signal)
    }

    @Test("A cancelled execution counts what it stopped and what never began apart from what had failed")
    func cancellation() async throws {
        let world = try await world(#""taskCount":5,"#, #""maxRetries":0,"#)
        let run = try await world.run()
        let id = String(try run.metadata.message(as: V2.Execution.self).name.split(separator: "/").last ?? "")
        let name = world.name(id)
        try await world.engine.run(name)
        try await world.engine.run(name, exitCode: 1)
        try await world.engine.lease(name)
        try await world.engine.happen(.started, to: 2, of: name)
        let cancel = try await world.cancel(id)
        #expect(!cancel.done)
        var execution = try await world.execution(id)
        #expect(try condition("Completed", of: execution).message == "Waiting for execution to be cancelled.")
        #expect(try condition("Completed", of: execution).executionReason == .cancelling)
        try await world.engine.happen(.ended(exitCode: 143, detail: nil), to: 2, of: name)
        execution = try await world.execution(id)
        #expect(execution.succeededCount == 1 && execution.failedCount == 1 && execution.cancelledCount == 3)
        #expect(try condition("Completed", of: execution).message == "Cancelled by user.")
        #expect(try condition("Completed", of: execution).executionReason == .cancelled)
        for operation in [cancel.name, run.name] {
            let done = try await world.operation(operation)
            #expect(done.done && done.response.isA(V2.Execution.self))
        }
        let states = try await world.tasksV1("run.googleapis.com/execution=\(id)").items
            .map { $0.metadata.labels["run.googleapis.com/runningState"] ?? "" }
        #expect(states == ["Succeeded", "Failed", "Cancelled", "Cancelled", "Cancelled"])
        let stopped = try await world.tasks(of: id)[2].lastAttemptResult
        #expect(stopped.status.code == 1 && stopped.status.message == "Cancelled by user.")
        let error = await #expect(throws: ServiceError.self) { try await world.cancel(id) }
        #expect(error?.code == .failedPrecondition)
        #expect(error?.message == "Execution '\(id)' cannot be cancelled because it is not running.")
    }

    @Test("A deleted execution is gone, and the operation that deleted it done")
    func deletion() async throws {
        let world = try await world()
        let id = try await world.start()
        let operation = try await world.call(
            "google.cloud.run.v2.Executions.DeleteExecution",
            Google_Cloud_Run_V2_DeleteExecutionRequest.with {
                $0.name = "\(World.parent)/jobs/report/executions/\(id)"
            }, as: V2.Operation.self)
        #expect(operation.done && operation.response.isA(V2.Execution.self))
        let error = await #expect(throws: ServiceError.self) { try await world.execution(id) }
        #expect(
            error?.message
                == "Resource '\(id)' of kind 'EXECUTION' in region 'us-central1' in project 'demo' does not exist.")
        #expect(try operation.response.message(as: V2.Execution.self).hasDeleteTime)
        let latest = try await world.job().latestCreatedExecution
        #expect(latest.name == id && latest.hasDeleteTime)
        let first = try await world.jobV1().status.latestCreatedExecution
        #expect(first.name == id && first.deletionTimestamp == latest.deleteTime)
        let next = try await world.start()
        #expect(try await world.job().latestCreatedExecution.name == next)
        #expect(try await world.job().latestCreatedExecution.hasDeleteTime == false)
    }

    @Test(
        "Overrides that cannot be are refused",
        arguments: [
            (#"{"taskCount":10001}"#, "overrides.task_count"), (#"{"timeout":"0s"}"#, "overrides.timeout"),
            (#"{"containerOverrides":[{"name":"other"}]}"#, "overrides.container_overrides[0].name"),
            (
                #"{"containerOverrides":[{"args":["a"],"clearArgs":true}]}"#,
                "overrides.container_overrides[0].clear_args"
            ),
            (
                #"{"containerOverrides":[{"env":[{"name":"A","valueSource":{"secretKeyRef":{"secret":"s"}}}]}]}"#,
                "overrides.container_overrides[0].env[0].value_source.secret_key_ref.secret"
            ),
        ])
    func overrides(_ overrides: String, _ field: String) async throws {
        let world = try await world()
        let error = await #expect(throws: ServiceError.self) { try await world.run(overrides: overrides) }
        #expect(error?.fields == [field])
        #expect(try await world.job().executionCount == 0)
    }

    @Test("A job that no machine has the memory for is refused with the field")
    func tooLarge() async throws {
        let world = try await world()
        world.engine.fail(with: .tooLarge(memoryMiB: 256))
        let error = await #expect(throws: ServiceError.self) { try await world.run() }
        #expect(error?.code == .invalidArgument)
        #expect(error?.fields == ["job.template.template.containers[0].resources.limits[\"memory\"]"])
    }

    @Test("A job whose volume is not open any more cannot be run, and says why")
    func closedVolume() async throws {
        let world = try await World()
        world.hostDirectories = HostDirectories(buckets: ["data": "/srv/data"])
        try await world.create(World.job(#""volumes":[{"name":"v","gcs":{"bucket":"data"}}],"#))
        world.hostDirectories = HostDirectories()
        let error = await #expect(throws: ServiceError.self) { try await world.run() }
        #expect(error?.code == .failedPrecondition)
        #expect(try await world.job().executionCount == 0)
    }

    @Test("What ended leaves a word in the log of system events")
    func systemEvents() async throws {
        let world = try await world("", #""maxRetries":0,"#)
        let (good, bad) = (try await world.start(), try await world.start())
        try await world.engine.run(world.name(good))
        try await world.engine.run(world.name(bad), exitCode: 1)
        func event(_ id: String) async throws -> (Google_Logging_V2_LogEntry, Google_Cloud_Audit_AuditLog) {
            var record = try #require(try await world.store.job(named: world.name(id)))
            // As the engine has it.
            record.source = Data()
            let entry = try #require(CloudRunAPI.systemEvent(of: record))
            return (entry, try entry.protoPayload.message(as: Google_Cloud_Audit_AuditLog.self))
        }
        let (entry, audit) = try await event(good)
        #expect(entry.logName == "projects/demo/logs/cloudaudit.googleapis.com%2Fsystem_event")
        #expect(
            entry.resource.labels == ["project_id": "demo", "job_name": "report", "location": "us-central1"])
        #expect(audit.status.message == "Execution \(good) has completed successfully.")
        #expect(audit.methodName == "/Jobs.RunJob" && audit.resourceName == "namespaces/demo/executions/\(good)")
        #expect(
            try await event(bad).1.status.message
                == "Execution \(bad) has failed to complete, 0/1 tasks were a success.")
    }

    @Test(
        "Spans of time read as Cloud Run writes them",
        arguments: [(0, "0s"), (38.22, "38.22s"), (63.6, "1m3.6s"), (7205.05, "2h0m5.05s")])
    func spans(_ seconds: Double, _ text: String) {
        #expect(Elapsed.text(from: Clock.start, to: Clock.start + seconds) == text)
    }
}
