import Foundation
import Requests
import Store
import SwiftProtobuf
import Testing
import Workload

@testable import Batch

@Suite("Rendering jobs and tasks")
struct RenderingTests {
    private static let node = "node-1"
    private static let jobNumber = "projects/123456789012/locations/us-central1/jobs/hello"
    private static let texts = StatusText(job: jobNumber, zone: "us-central1-a")
    private static let time = World.start

    private func stored(_ change: (inout JobRecord) -> Void = { _ in }, zones: [String] = []) throws -> StoredJob {
        let region = try Region.named("us-central1")
        let identity = JobDefaults.Identity(
            id: "hello", uid: "hello-u", place: Place(project: FakeDirectory.demo, region: region),
            serviceAccount: "sa@demo", createdAt: Self.time)
        var job = try Wire.Job(jsonString: World.hello)
        job.allocationPolicy.location.allowedLocations = zones
        job = JobDefaults.filled(job, as: identity)
        let plan = Plan(taskCount: 3, steps: [Step(executable: .script(text: "true"))])
        var record = JobRecord(
            uid: "hello-u", name: identity.name, plan: plan, createdAt: Self.time, source: Data(), submitter: "a@b.c")
        change(&record)
        return StoredJob(record: record, definition: job)
    }

    private func render(_ job: StoredJob) -> Wire.Job {
        JobRendering(projectNumber: "123456789012", now: Self.time.addingTimeInterval(100)).message(job)
    }

    private static let onNode = "on zones/us-central1-a/instances/node-1"

    private static let taskEventTexts: [(TaskEvent, String)] = [
        (
            TaskEvent(time: time, from: .pending, to: .assigned, node: node),
            "Task state is updated from PENDING to ASSIGNED \(onNode)"
        ),
        (
            TaskEvent(time: time, from: .assigned, to: .running, node: node),
            "Task state is updated from ASSIGNED to RUNNING \(onNode)"
        ),
        (
            TaskEvent(time: time, from: .running, to: .succeeded, node: node, exitCode: 0),
            "Task state is updated from RUNNING to SUCCEEDED \(onNode) with exit code 0."
        ),
        (
            TaskEvent(time: time, from: .running, to: .failed, node: node, exitCode: 127),
            "Task state is updated from RUNNING to FAILED \(onNode) with exit code 127."
        ),
        (
            TaskEvent(time: time, from: .running, to: .failed, node: node, exitCode: 50001),
            "Task state is updated from RUNNING to FAILED \(onNode) due to Spot VM preemption with exit code 50001."
        ),
        (
            TaskEvent(time: time, from: .running, to: .failed, node: node, exitCode: 50005),
            "Task state is updated from RUNNING to FAILED \(onNode) due to task runs over the maximum runtime with exit code 50005."
        ),
        (
            TaskEvent(time: time, from: .running, to: .failed, node: node, exitCode: 137, detail: "Out of memory."),
            "Task state is updated from RUNNING to FAILED \(onNode) with exit code 137. Out of memory."
        ),
        (
            TaskEvent(time: time, from: .pending, to: .failed, exitCode: 50002),
            "Task state is updated from PENDING to FAILED due to Batch no longer receives VM updates with exit code 50002."
        ),
    ]

    @Test("Task events read as clients expect them", arguments: taskEventTexts)
    func taskEvents(_ event: TaskEvent, _ expected: String) {
        let text = Self.texts.describe(event)
        #expect(text == expected)
        // What Nextflow and Cromwell take out of it.
        if event.node != nil { #expect(text.firstMatch(of: #/zones\/([^\/]+)\/instances\//#)?.1 == "us-central1-a") }
        if let code = event.exitCode { #expect(text.firstMatch(of: /exit code (\d+)/)?.1 == "\(code)") }
    }

    @Test("Every reserved exit code has its reason", arguments: ReservedExitCode.allCases)
    func reservedCodes(_ code: ReservedExitCode) {
        let text = Self.texts.describe(
            TaskEvent(time: Self.time, from: .running, to: .failed, node: "n", exitCode: code.rawValue))
        #expect(text.contains(" due to "))
        #expect(text.hasSuffix(" with exit code \(code.rawValue)."))
    }

    @Test("Job events read as clients expect them, with the project's number")
    func jobEvents() throws {
        let failure = TaskEvent(time: Self.time, from: .running, to: .failed, node: Self.node, exitCode: 127)
        let job = render(
            try stored { record in
                record.state = .failed
                record.events = [
                    JobEvent(time: Self.time, kind: .state(from: .queued, to: .scheduled, cause: nil)),
                    JobEvent(time: Self.time, kind: .note("The job waits for memory.")),
                    JobEvent(
                        time: Self.time,
                        kind: .state(from: .running, to: .failed, cause: .init(index: 0, event: failure))),
                ]
            })
        #expect(job.status.statusEvents.map(\.type) == ["STATUS_CHANGED", "OPERATIONAL_INFO", "STATUS_CHANGED"])
        #expect(
            job.status.statusEvents.map(\.description_p) == [
                "Job state is set from QUEUED to SCHEDULED for job \(Self.jobNumber).",
                "The job waits for memory.",
                "Job state is set from RUNNING to FAILED for job \(Self.jobNumber).Job failed due to task failure. "
                    + "Specifically, task with index 0 failed due to the following task event: "
                    + "\"Task state is updated from RUNNING to FAILED on zones/us-central1-a/instances/node-1 "
                    + "with exit code 127.\"",
            ])
    }

    @Test("Counts leave out what is zero, and machines appear once the job is scheduled")
    func counts() throws {
        let queued = render(try stored { $0.counts = [.pending: 3, .running: 0] })
        #expect(queued.status.taskGroups["group0"]?.counts == ["PENDING": 3])
        #expect(queued.status.taskGroups["group0"]?.instances.isEmpty == true)
        let running = render(
            try stored {
                $0.state = .running
                $0.counts = [.running: 2, .succeeded: 1]
            })
        #expect(running.status.taskGroups["group0"]?.counts == ["RUNNING": 2, "SUCCEEDED": 1])
        #expect(running.status.taskGroups["group0"]?.instances.map(\.provisioningModel) == [.standard])
    }

    @Test("The run time counts the state RUNNING alone")
    func runDuration() throws {
        let start = Self.time.addingTimeInterval(10)
        let running = try stored {
            $0.state = .running
            $0.startedAt = start
        }
        #expect(render(running).status.runDuration == Google_Protobuf_Duration(seconds: 90))
        let cancelled = try stored {
            $0.state = .cancelled
            $0.startedAt = start
            $0.endedAt = start.addingTimeInterval(8)
            $0.events = [
                JobEvent(
                    time: start.addingTimeInterval(2.5), kind: .state(from: .running, to: .cancelling, cause: nil)),
                JobEvent(
                    time: start.addingTimeInterval(8), kind: .state(from: .cancelling, to: .cancelled, cause: nil)),
            ]
        }
        #expect(render(cancelled).status.runDuration == Google_Protobuf_Duration(seconds: 2, nanos: 500_000_000))
        let neverStarted = try stored { $0.state = .cancelled }
        #expect(render(neverStarted).status.runDuration == Google_Protobuf_Duration())
    }

    @Test(
        "Each state has its name on the wire",
        arguments: zip(
            JobState.allCases,
            [
                "QUEUED", "SCHEDULED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLATION_IN_PROGRESS", "CANCELLED",
                "DELETION_IN_PROGRESS",
            ]))
    func jobStates(_ state: JobState, _ name: String) throws {
        #expect(state.wireName == name)
        let json = try render(try stored { $0.state = state }).jsonString()
        #expect(json.contains("\"state\":\"\(name)\""))
    }

    @Test(
        "Tasks that nobody has touched wait, or were never executed",
        arguments: [
            (JobState.queued, TaskState.pending), (.running, .pending), (.cancelling, .pending),
            (.failed, .unexecuted), (.cancelled, .unexecuted), (.succeeded, .unexecuted),
        ])
    func untouched(_ state: JobState, _ expected: TaskState) throws {
        let rendering = TaskRendering(try stored { $0.state = state }, projectNumber: "123456789012")
        let task = rendering.message(2, nil)
        #expect(task.name == "projects/demo/locations/us-central1/jobs/hello/taskGroups/group0/tasks/2")
        #expect(task.status.state == expected.wire)
        #expect(task.status.statusEvents.isEmpty)
    }

    @Test("A task's events carry state, time and exit code, those of earlier attempts included")
    func touched() throws {
        let events = [
            TaskEvent(time: Self.time, from: .running, to: .pending, node: "n", exitCode: 50001),
            TaskEvent(time: Self.time.addingTimeInterval(0.25), from: .assigned, to: .running, node: "n"),
            TaskEvent(time: Self.time.addingTimeInterval(1), from: .running, to: .succeeded, node: "n", exitCode: 0),
        ]
        let rendering = TaskRendering(try stored(zones: ["zones/us-central1-f"]), projectNumber: "123456789012")
        let task = rendering.message(0, TaskRecord(index: 0, state: .succeeded, attempt: 1, events: events))
        #expect(task.status.state == .succeeded)
        #expect(task.status.statusEvents.map(\.hasTaskExecution) == [true, false, true])
        #expect(task.status.statusEvents.map(\.taskExecution.exitCode) == [50001, 0, 0])
        #expect(task.status.statusEvents.map(\.taskState) == [.pending, .running, .succeeded])
        #expect(task.status.statusEvents.map(\.eventTime.nanos) == [0, 250_000_000, 0])
        #expect(task.status.statusEvents.allSatisfy { $0.type == "STATUS_CHANGED" })
        #expect(task.status.statusEvents[0].description_p.contains("on zones/us-central1-f/instances/n"))
    }

    @Test(
        "Times are written to the microsecond, also before 1970",
        arguments: [
            (1_767_225_600.123_456, 1_767_225_600 as Int64, 123_456_000 as Int32), (-0.25, -1, 750_000_000), (0, 0, 0),
        ])
    func timestamps(_ seconds: Double, _ whole: Int64, _ nanos: Int32) {
        let message = Timestamps.message(Date(timeIntervalSince1970: seconds))
        #expect(message.seconds == whole)
        #expect(message.nanos == nanos)
    }
}
