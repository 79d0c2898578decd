import Foundation
import TestSupport
import Testing

@Suite("dsub with the provider google-batch", .needsRoot, .needsGcloud, .needsDsub, .serialized)
struct DsubTests {
    private static let image = "us-central1-docker.pkg.dev/demo/images/cloud-sdk:slim"
    private static let account = "runner@demo.iam.gserviceaccount.com"
    private static let place = ["--provider", "google-batch", "--project", "demo", "--location", "us-central1"]

    /// Runs a server that has an image with bash, a Python and a gcloud, an account that may read the image and write
    /// entries of logs, and a directory that stands for a bucket.
    private func withImage(_ body: (LandfallServer) async throws -> Void) async throws {
        let python = try #require(Requirement.dsub)
        let bucket = "/var/tmp/landfall-bucket-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: bucket, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        defer { try? FileManager.default.removeItem(atPath: bucket) }
        try Data("from a bucket\n".utf8).write(to: URL(fileURLWithPath: "\(bucket)/word"))
        try await LandfallServer.with(options: ["--bucket", "words=\(bucket)"]) { server in
            try await server.makeRepository()
            try await makeAccount(server)
            try await server.importImage(
                Self.image, madeBy: [python, LandfallServer.source("images/cloud_sdk_root.py")],
                config: #"{"Env":["PATH=/usr/bin"]}"#)
            try await body(server)
        }
    }

    private func makeAccount(_ server: LandfallServer) async throws {
        let grant =
            "projects add-iam-policy-binding demo --condition=None --member=serviceAccount:\(Self.account) --role"
        for words in [
            "iam service-accounts create runner", "\(grant) roles/artifactregistry.reader",
            "\(grant) roles/logging.logWriter",
        ] {
            let result = try await server.exec(["gcloud", "--quiet"] + words.split(separator: " ").map(String.init))
            guard result.status == 0 else { throw TestFailure("\(words): \(result.errors)") }
        }
    }

    /// Runs dsub, dstat or ddel on the server's jobs.
    private func run(_ program: String, _ server: LandfallServer, _ words: [String]) async throws -> Program.Result {
        let python = try #require(Requirement.dsub)
        let path = URL(fileURLWithPath: python).deletingLastPathComponent().appending(path: program).path
        return try await server.exec(["env", "DSUB_CLOUD_SDK_IMAGE=\(Self.image)", python, path] + Self.place + words)
    }

    /// Submits a command, in an image that has a bash.
    private func submit(_ server: LandfallServer, _ command: String, _ words: String...) async throws -> Program.Result
    {
        try await run(
            "dsub", server,
            [
                "--image", Self.image, "--service-account", Self.account, "--logging", "gs://results/logs",
                "--log-interval", "1s",
                "--poll-interval", "1", "--command", command,
            ] + words)
    }

    /// The jobs that dstat shows, in any state.
    private func jobs(_ server: LandfallServer, _ id: String) async throws -> [[String: Any]] {
        let shown = try await run(
            "dstat", server, ["--jobs", id, "--users", "*", "--status", "*", "--full", "--format", "json"])
        guard shown.status == 0 else { throw TestFailure("dstat: \(shown.output)\(shown.errors)") }
        return try #require(JSONSerialization.jsonObject(with: Data(shown.output.utf8)) as? [[String: Any]])
    }

    /// What the image's gcloud has made of an object: an entry of the log.
    private func object(_ server: LandfallServer, endingWith name: String) async throws -> [String] {
        let read = try await server.exec([
            "gcloud", "logging", "read", "logName:objects AND jsonPayload.name:\"\(name)\"", "--order=asc",
            "--format=json",
        ])
        guard read.status == 0 else { throw TestFailure(read.errors) }
        let entries = try #require(JSONSerialization.jsonObject(with: Data(read.output.utf8)) as? [[String: Any]])
        return entries.compactMap { ($0["jsonPayload"] as? [String: Any])?["content"] as? String }
    }

    private func id(_ submitted: Program.Result) throws -> String {
        let id = submitted.output.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !id.isEmpty else { throw TestFailure("dsub: \(submitted.errors)") }
        return id
    }

    @Test("a job localises its inputs, runs, delocalises its outputs and copies its logs; dstat shows all of it")
    func success() async throws {
        try await withImage { server in
            let submitted = try await submit(
                server, #"echo "$GREETING $(cat "$INPUT" "$WORDS/word")" > "$OUTPUT"; echo said; echo warned >&2"#,
                "--env", "GREETING=hello", "--input", "INPUT=gs://data/in.txt", "--mount", "WORDS=gs://words",
                "--output", "OUTPUT=gs://results/out.txt", "--label", "kind=test", "--wait")
            #expect(submitted.status == 0, "\(submitted.output)\(submitted.errors)")
            let shown = try await jobs(server, id(submitted))
            let job = try #require(shown.first)
            #expect(shown.count == 1 && job["status"] as? String == "SUCCESS", "\(shown)")
            #expect((job["labels"] as? [String: String]) == ["kind": "test"], "\(job)")
            #expect((job["envs"] as? [String: String]) == ["GREETING": "hello"], "\(job)")
            let events = (job["events"] as? [[String: String]])?.compactMap { $0["name"] }
            #expect(events == ["scheduled", "start", "ok"], "\(job)")
            #expect(
                try await object(server, endingWith: "gs://results/out.txt")
                    == ["hello gs://data/in.txt\nfrom a bucket\n"])
            #expect(try await object(server, endingWith: "-stdout.log").contains("said\n"))
            #expect(try await object(server, endingWith: "-stderr.log").contains("warned\n"))
        }
    }

    @Test("a command that fails is a failure of the job, whose logs are copied all the same")
    func failure() async throws {
        try await withImage { server in
            let submitted = try await submit(server, "echo before; exit 3", "--wait")
            #expect(submitted.status == 1, "\(submitted.output)\(submitted.errors)")
            let shown = try await jobs(server, id(submitted))
            #expect(shown.first?["status"] as? String == "FAILURE", "\(shown)")
            #expect(try await object(server, endingWith: "-stdout.log").contains("before\n"))
        }
    }

    @Test("ddel cancels a job that runs")
    func cancellation() async throws {
        try await withImage { server in
            let id = try id(await submit(server, "sleep 3600"))
            #expect(try await jobs(server, id).first?["status"] as? String == "RUNNING")
            let cancelled = try await run("ddel", server, ["--jobs", id, "--users", "*"])
            #expect(cancelled.status == 0, "\(cancelled.output)\(cancelled.errors)")
            #expect(cancelled.output.contains("1 job deleted"), "\(cancelled.output)\(cancelled.errors)")
            #expect(try await jobs(server, id).first?["status"] as? String == "CANCELED")
        }
    }
}
