import Foundation
import TestSupport
import Testing

@Suite("gcloud batch", .needsRoot, .needsGcloud, .serialized)
struct GcloudBatchTests {
    /// The job of Google's documentation about non-root users.
    static let documented = """
        {"taskGroups":[{"taskSpec":{"runnables":[{"script":{"text":"echo Hello World! This is task \
        $BATCH_TASK_INDEX executed by $(whoami)."}}]},"taskCount":3,"runAsNonRoot":true}],\
        "logsPolicy":{"destination":"CLOUD_LOGGING"}}
        """

    private func gcloud(_ server: LandfallServer, _ words: String, input: String = "") async throws -> Program.Result {
        try await server.exec(["gcloud"] + words.split(separator: " ").map(String.init), input: input)
    }

    /// Runs gcloud, which must succeed, and reads its JSON.
    private func json(_ server: LandfallServer, _ words: String) async throws -> Any {
        let result = try await gcloud(server, words + " --format=json")
        guard result.status == 0 else { throw TestFailure("gcloud \(words): \(result.errors)") }
        return try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    }

    private func submit(_ server: LandfallServer, _ name: String, _ job: String) async throws -> String {
        let file = try server.file("\(name).json", job)
        let result = try await gcloud(
            server, "batch jobs submit \(name) --location us-central1 --config \(file) --format=value(uid)")
        guard result.status == 0 else { throw TestFailure(result.errors) }
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func finalState(_ server: LandfallServer, _ name: String) async throws -> [String: Any] {
        for _ in 0..<60 {
            let job = try await json(server, "batch jobs describe \(name) --location us-central1") as? [String: Any]
            let status = job?["status"] as? [String: Any] ?? [:]
            if let state = status["state"] as? String, ["SUCCEEDED", "FAILED", "CANCELLED"].contains(state) {
                return job ?? [:]
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw TestFailure("\(name) did not end")
    }

    private func texts(_ server: LandfallServer, uid: String) async throws -> [String] {
        let entries = try await server.exec([
            "gcloud", "logging", "read", "resource.type=batch.googleapis.com/Job AND labels.job_uid=\(uid)",
            "--order=asc", "--format=json",
        ])
        let list = try JSONSerialization.jsonObject(with: Data(entries.output.utf8)) as? [[String: Any]] ?? []
        return list.compactMap { $0["textPayload"] as? String }.sorted()
    }

    @Test("the documented job runs as the submitter's OS Login account, and its log is read back")
    func documentedJob() async throws {
        try await LandfallServer.with { server in
            let uid = try await submit(server, "hello", Self.documented)
            let job = try await finalState(server, "hello")
            #expect((job["status"] as? [String: Any])?["state"] as? String == "SUCCEEDED")
            #expect(job["uid"] as? String == uid)
            let expected = (0..<3).map { "Hello World! This is task \($0) executed by alice_example_com." }
            #expect(try await texts(server, uid: uid) == expected)

            let list = try await gcloud(server, "batch jobs list --location us-central1")
            #expect(list.output.contains("hello") && list.output.contains("SUCCEEDED"))
            let everywhere = try await json(server, "batch jobs list") as? [Any]
            #expect(everywhere?.count == 1)

            let tasks = try await gcloud(server, "batch tasks list --job hello --location us-central1")
            #expect(tasks.output.components(separatedBy: "SUCCEEDED").count == 4)
            let filter = ["--filter", "status.state=SUCCEEDED", "--format=value(name)"]
            let succeeded = try await server.exec(
                ["gcloud", "batch", "tasks", "list", "--job=hello", "--location=us-central1"] + filter)
            #expect(succeeded.output.split(separator: "\n").count == 3, "\(succeeded.errors)")
            let task = try await json(
                server, "batch tasks describe 1 --job hello --task_group group0 --location us-central1")
            #expect(((task as? [String: Any])?["status"] as? [String: Any])?["state"] as? String == "SUCCEEDED")
        }
    }

    @Test("a job is submitted from standard input under a prefix, or made of flags")
    func otherWays() async throws {
        try await LandfallServer.with { server in
            let prefixed = try await gcloud(
                server, "batch jobs submit --job-prefix run --location us-central1 --config - --format=value(name)",
                input: Self.documented)
            #expect(prefixed.output.contains("/jobs/run-"), "\(prefixed.errors)")
            let flags = ["--location=us-central1", "--script-text=echo $BATCH_TASK_INDEX", "--priority=5"]
            let made = try await server.exec(["gcloud", "batch", "jobs", "submit", "flags"] + flags)
            #expect(made.status == 0, "\(made.errors)")
            let job = try await finalState(server, "flags")
            #expect(job["priority"] as? String == "5")
            #expect((job["status"] as? [String: Any])?["state"] as? String == "SUCCEEDED")
        }
    }

    @Test("without runAsNonRoot the same job runs as root")
    func rootJob() async throws {
        try await LandfallServer.with { server in
            let job = Self.documented.replacingOccurrences(of: #","runAsNonRoot":true"#, with: "")
            let uid = try await submit(server, "hello", job)
            _ = try await finalState(server, "hello")
            let expected = (0..<3).map { "Hello World! This is task \($0) executed by root." }
            #expect(try await texts(server, uid: uid) == expected)
        }
    }

    @Test("a job is cancelled, and a job is deleted")
    func cancelAndDelete() async throws {
        try await LandfallServer.with { server in
            let long = #"{"taskGroups":[{"taskSpec":{"runnables":[{"script":{"text":"sleep 600"}}]}}]}"#
            _ = try await submit(server, "long", long)
            let cancelled = try await gcloud(server, "batch jobs cancel long --location us-central1 --quiet")
            #expect(cancelled.status == 0, "\(cancelled.errors)")
            let job = try await finalState(server, "long")
            #expect((job["status"] as? [String: Any])?["state"] as? String == "CANCELLED")

            let deleted = try await gcloud(server, "batch jobs delete long --location us-central1 --quiet")
            #expect(deleted.status == 0, "\(deleted.errors)")
            var gone = try await gcloud(server, "batch jobs describe long --location us-central1")
            for _ in 0..<20 where gone.status == 0 {
                gone = try await gcloud(server, "batch jobs describe long --location us-central1")
            }
            #expect(gone.errors.contains("not found"))
        }
    }

    @Test("what is wrong is said once, at once, and by its name")
    func errors() async throws {
        try await LandfallServer.with { server in
            let unknown = try server.file(
                "unknown.json",
                #"{"taskGroups":[{"bogus":1,"taskSpec":{"runnables":[{"script":{"text":"true"}}]}}]}"#)
            let result = try await gcloud(
                server, "batch jobs submit wrong --location us-central1 --config \(unknown)")
            #expect(result.status == 1)
            #expect(result.errors.contains("Unknown name \"bogus\""), "\(result.errors)")
            // gcloud repeats what is not the caller's fault for half a minute.
            #expect(result.errors.contains("INVALID_ARGUMENT"), "\(result.errors)")

            let container = try server.file(
                "container.json",
                #"{"taskGroups":[{"taskSpec":{"runnables":[{"container":{"imageUri":"a","options":"--gpus all"}}]}}]}"#)
            let refused = try await gcloud(
                server, "batch jobs submit wrong --location us-central1 --config \(container)")
            #expect(refused.status == 1)
            #expect(refused.errors.contains("container.options"), "\(refused.errors)")
        }
    }

    @Test("somebody without a role is refused with the permission's name")
    func refused() async throws {
        try await LandfallServer.with { server in
            try await server.landfall("login", "bob@example.com")
            let file = try server.file("hello.json", Self.documented)
            let result = try await gcloud(server, "batch jobs submit hello --location us-central1 --config \(file)")
            #expect(result.status == 1)
            #expect(result.errors.contains("batch.jobs.create"), "\(result.errors)")
        }
    }
}
