import Foundation
import TestSupport
import Testing

@Suite("Containers whose agent dies", .needsRoot, .needsGcloud, .serialized)
struct ContainerSurvivalTests {
    private static let account = "reporter@demo.iam.gserviceaccount.com"

    @Test(
        "are gone with it, and their tasks are tried again by another agent",
        arguments: [LandfallServer.AgentPart.worker, .supervisor, .launcher])
    func killedAgent(part: LandfallServer.AgentPart) async throws {
        try await LandfallServer.withImage { server in
            let mark = server.sleep(1)
            try await submit(to: server, sleeping: mark)
            try await server.printed("again", lines: 1)
            let _: Bool = try await eventually("both containers run") {
                // Each has two, and process 1 before them.
                HostProcesses.ids(with: mark).count >= 6 ? true : nil
            }
            let seat = try server.seat()
            let before = try await belongings(of: server, at: seat)
            #expect(before.things.contains { $0.contains("ifindex") } && !before.files.isEmpty)

            try server.killAgent(part)
            #expect(try await server.ended("again").state == "SUCCEEDED")
            #expect(try await server.log("again") == ["attempt 0", "attempt 1"])
            #expect(try await server.status("again", task: 0).exitCodes == [50002, 0])
            let execution = try await eventually("the execution ends") {
                let text = try await server.gcloud(
                    "run", "jobs", "executions", "list", "--job=again", "--region=us-central1",
                    "--format=value(metadata.name,status.succeededCount,status.retriedCount)")
                let parts = text.split(whereSeparator: \.isWhitespace).map(String.init)
                return parts.count > 1 ? parts : nil
            }
            #expect(execution.dropFirst() == ["1", "1"])

            #expect(HostProcesses.ids(with: mark) == [])
            try await eventuallyNothing("nothing of the containers") {
                try await left(of: before, at: seat, on: server)
            }
            for folder in ["unpacking", "removing"] {
                let left = try FileManager.default.contentsOfDirectory(atPath: "\(server.data)/agent/images/\(folder)")
                #expect(left == [])
            }
            #expect(await server.end(with: SIGINT) == 0)
            try await server.waitUntilGone()
            let mounts = try await Program.shell("grep -l '\(server.directory)/' /proc/[0-9]*/mountinfo 2>/dev/null")
            #expect(mounts == "")
        }
    }

    /// Submits a Batch job and an execution of Cloud Run, the first attempts of which sleep.
    private func submit(to server: LandfallServer, sleeping mark: String) async throws {
        try await server.gcloud(
            "artifacts", "repositories", "add-iam-policy-binding", "images", "--location=us-central1",
            "--member=serviceAccount:\(Self.account)", "--role=roles/artifactregistry.reader")
        func script(attempt: String) -> String {
            "echo attempt $\(attempt); test $\(attempt) -gt 0 && exit; echo x > /tmp/left; setsid \(mark) & \(mark)"
        }
        let runnable =
            #"{"container":{"imageUri":"\#(LandfallServer.busybox)","entrypoint":"/bin/sh","#
            + #""commands":["-c","\#(script(attempt: "BATCH_TASK_RETRY_ATTEMPT"))"]}}"#
        try await server.submit(
            "again",
            TestJob(
                runnables: [runnable], task: [TestJob.small, #""maxRetryCount":1"#],
                job: [#""allocationPolicy":{"serviceAccount":{"email":"\#(Self.account)"}}"#]))
        try await server.gcloud(
            "run", "jobs", "create", "again", "--region=us-central1", "--image=\(LandfallServer.busybox)", "--tasks=1",
            "--max-retries=1", "--service-account=\(Self.account)", "--command=sh",
            "--args=^|^-c|\(script(attempt: "CLOUD_RUN_TASK_ATTEMPT"))")
        try await server.gcloud("run", "jobs", "execute", "again", "--region=us-central1", "--async")
    }

    /// What containers have on the machine.
    private struct Belongings {
        /// The agent's things, its ends of the containers' networks and the control groups, each with a number that
        /// nothing else has. The kernel gives the numbers of namespaces again.
        var things: Set<String>
        /// Directories of sandboxes on the disk.
        var files: Set<String>
    }

    private func belongings(of server: LandfallServer, at seat: String) async throws -> Belongings {
        let scratch = "\(server.data)/agent/sandboxes/landfall-\(seat)/scratch"
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch)
        return Belongings(
            things: try await things(of: server, at: seat), files: Set(names.map { "\(scratch)/\($0)" }))
    }

    private func things(of server: LandfallServer, at seat: String) async throws -> Set<String> {
        let groups = try await Self.groups().filter { $0.contains("/landfall-\(seat)/") }
        return try await server.belongings(of: seat).union(groups)
    }

    private func left(of before: Belongings, at seat: String, on server: LandfallServer) async throws -> Set<String> {
        // The lock of the seat stays where the agent that is there now has the same.
        let things = try await things(of: server, at: seat).intersection(before.things)
        return things.filter { !$0.contains("/seat-") }
            .union(before.files.filter { FileManager.default.fileExists(atPath: $0) })
    }

    /// All control groups of sandboxes.
    private static func groups() async throws -> Set<String> {
        let text = try await Program.shell(
            "stat -c '%n %i %w' /sys/fs/cgroup/*/landfall-*/*/ /sys/fs/cgroup/landfall-*/*/ 2>/dev/null")
        return Set(text.split(separator: "\n").map(String.init))
    }
}
