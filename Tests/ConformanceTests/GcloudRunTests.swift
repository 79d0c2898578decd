import Foundation
import TestSupport
import Testing

@Suite("gcloud run jobs", .needsRoot, .needsGcloud, .serialized)
struct GcloudRunTests {
    private static let region = "--region us-central1"

    /// Runs gcloud, which must succeed.
    @discardableResult
    private func gcloud(_ server: LandfallServer, _ words: String) async throws -> String {
        let result = try await attempt(server, words)
        guard result.status == 0 else { throw TestFailure("gcloud \(words): \(result.output)\(result.errors)") }
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func attempt(_ server: LandfallServer, _ words: String) async throws -> Program.Result {
        try await server.exec(["gcloud"] + words.split(separator: " ").map(String.init) + ["--quiet"])
    }

    private func value(_ server: LandfallServer, _ field: String) async throws -> String {
        try await gcloud(server, "run jobs describe report \(Self.region) --format=value(\(field))")
    }

    private func withServer(_ body: (LandfallServer) async throws -> Void) async throws {
        try await LandfallServer.with { server in
            try await gcloud(server, "services enable run.googleapis.com")
            try await body(server)
        }
    }

    @Test("A job is created, shown, changed, replaced from what was exported, deployed again and deleted")
    func job() async throws {
        try await withServer { server in
            try await gcloud(
                server, "run jobs create report \(Self.region) --image busybox --tasks 3 --set-env-vars A=b")
            #expect(try await value(server, "spec.template.spec.taskCount") == "3")
            #expect(try await attempt(server, "run jobs create report \(Self.region) --image busybox").status == 1)
            try await gcloud(server, "run jobs update report \(Self.region) --max-retries 1 --update-env-vars C=d")
            #expect(try await value(server, "spec.template.spec.template.spec.maxRetries") == "1")
            #expect(try await value(server, "metadata.generation") == "2")
            let exported = try await gcloud(server, "run jobs describe report \(Self.region) --format export")
            let file = try server.file("job.yaml", exported.replacing("taskCount: 3", with: "taskCount: 4") + "\n")
            try await gcloud(server, "run jobs replace \(file) \(Self.region)")
            #expect(try await value(server, "spec.template.spec.taskCount") == "4")
            #expect(
                try await value(server, "spec.template.spec.template.spec.containers[0].env[].name.list()") == "A,C")
            try await gcloud(server, "run jobs deploy report \(Self.region) --image busybox:2")
            #expect(try await value(server, "spec.template.spec.template.spec.containers[0].image") == "busybox:2")
            #expect(try await gcloud(server, "run jobs list --format=value(metadata.name)") == "report")
            try await gcloud(server, "run jobs delete report \(Self.region)")
            #expect(try await gcloud(server, "run jobs list --format=value(metadata.name)") == "")
        }
    }

    @Test("Executions and their tasks are started with overrides, listed, shown, cancelled and deleted")
    func executions() async throws {
        try await withServer { server in
            // More than any node has at once: something is left to cancel.
            try await gcloud(server, "run jobs create report \(Self.region) --image busybox --tasks 10000")
            let id = try await gcloud(
                server, "run jobs execute report \(Self.region) --async --format=value(metadata.name)")
            #expect(id.hasPrefix("report-"))
            #expect(
                try await gcloud(
                    server, "run jobs executions list --job report \(Self.region) --format=value(metadata.name)") == id)
            try await gcloud(server, "run jobs executions cancel \(id) \(Self.region)")
            let again = try await attempt(server, "run jobs executions cancel \(id) \(Self.region)")
            #expect(again.errors.contains("Execution '\(id)' cannot be cancelled because it is not running."))
            let shown = try await gcloud(server, "run jobs executions describe \(id) \(Self.region) --format=json")
            #expect(shown.contains("Cancelled by user."))
            let short = try await gcloud(
                server,
                "run jobs execute report \(Self.region) --async --tasks 2 --args x,y --format=value(metadata.name)")
            let tasks = try await gcloud(
                server,
                "run jobs executions tasks list --execution \(short) \(Self.region) --format=value(metadata.name)")
            #expect(tasks.split(separator: "\n") == ["\(short)-task0", "\(short)-task1"])
            let task = try await gcloud(
                server,
                "run jobs executions tasks describe \(short)-task1 \(Self.region) "
                    + "--format=value(spec.containers[0].args.list())")
            #expect(task == "x,y")
            try await gcloud(server, "run jobs executions delete \(id) \(Self.region)")
            #expect(try await attempt(server, "run jobs executions describe \(id) \(Self.region)").status == 1)
        }
    }

    @Test("A role is granted on a job, shown and taken away")
    func policies() async throws {
        try await withServer { server in
            try await gcloud(server, "run jobs create report \(Self.region) --image busybox")
            let binding = "report \(Self.region) --member user:bob@example.com --role roles/run.invoker"
            try await gcloud(server, "run jobs add-iam-policy-binding \(binding)")
            let members = "run jobs get-iam-policy report \(Self.region) --format=value(bindings[].members.list())"
            #expect(try await gcloud(server, members).contains("user:bob@example.com"))
            try await gcloud(server, "run jobs remove-iam-policy-binding \(binding)")
            #expect(try await gcloud(server, members) == "")
            let file = try server.file(
                "policy.yaml", "bindings: [{role: roles/run.developer, members: ['user:eve@example.com']}]\n")
            try await gcloud(server, "run jobs set-iam-policy report \(file) \(Self.region)")
            #expect(try await gcloud(server, members).contains("user:eve@example.com"))
        }
    }

    @Test("What is not served is refused in words that say what it is")
    func refusals() async throws {
        try await withServer { server in
            let vpc = try await attempt(
                server, "run jobs create net \(Self.region) --image busybox --network default --vpc-egress all-traffic")
            #expect(vpc.status == 1 && vpc.errors.contains("there are no VPC networks"))
            let missing = try await attempt(server, "run jobs describe nothing \(Self.region)")
            #expect(missing.errors.contains("Cannot find job [nothing]."))
            let image = "us-central1-docker.pkg.dev/demo/images/none:1"
            let absent = try await attempt(server, "run jobs create img \(Self.region) --image \(image)")
            #expect(absent.status == 1 && absent.errors.contains("Image '\(image)' not found."))
        }
    }
}
