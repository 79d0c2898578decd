import Foundation
import TestSupport
import Testing

@Suite("Jobs of containers", .needsRoot, .needsGcloud, .serialized)
struct ContainerJobTests {
    private static let region = ["--region", "us-central1"]
    private static let image = LandfallServer.busybox
    private static let reporter = "reporter@demo.iam.gserviceaccount.com"

    private func lines(_ server: LandfallServer, of job: String) async throws -> [String] {
        try await server.gcloud(
            "logging", "read",
            "resource.type=cloud_run_job AND resource.labels.job_name=\(job) AND logName:run",
            "--order=asc", "--format=value(textPayload)"
        ).split(separator: "\n").map(String.init)
    }

    @Test("of Cloud Run succeed and fail as their code does, are tried again, and print what gcloud reads")
    func outcomes() async throws {
        try await LandfallServer.withImage { server in
            let script = """
                echo "task $CLOUD_RUN_TASK_INDEX of $CLOUD_RUN_TASK_COUNT, attempt $CLOUD_RUN_TASK_ATTEMPT as $(id -u)"
                [ "$CLOUD_RUN_TASK_INDEX.$CLOUD_RUN_TASK_ATTEMPT" != 1.0 ]
                """
            try await server.gcloud(
                "run", "jobs", "create", "report", "--region=us-central1", "--image=\(Self.image)", "--tasks=3",
                "--max-retries=1", "--service-account=\(Self.reporter)", "--command=sh", "--args=^;^-c;\(script)")
            try await server.gcloud("run", "jobs", "execute", "report", "--region=us-central1", "--wait")
            #expect(
                try await lines(server, of: "report").sorted() == [
                    "task 0 of 3, attempt 0 as 0", "task 1 of 3, attempt 0 as 0", "task 1 of 3, attempt 1 as 0",
                    "task 2 of 3, attempt 0 as 0",
                ])
            let read = try await server.gcloud("run", "jobs", "logs", "read", "report", "--region=us-central1")
            #expect(read.contains("task 2 of 3"), "\(read)")

            let failed = try await server.exec(
                ["gcloud", "run", "jobs", "execute", "report", "--wait", "--args=^;^-c;exit 7", "--tasks=1", "--quiet"]
                    + Self.region)
            #expect(failed.status == 1)
            let execution = try await server.gcloud(
                "run", "jobs", "executions", "list", "--job=report", "--region=us-central1", "--limit=1",
                "--sort-by=~metadata.creationTimestamp", "--format=value(metadata.name)")
            let task = try await server.gcloud(
                "run", "jobs", "executions", "tasks", "describe", "\(execution)-task0", "--region=us-central1",
                "--format=value(status.lastAttemptResult.exitCode,status.retried)")
            #expect(task == "7\t1")
        }
    }

    @Test("act as their account: gcloud, curl and Google's libraries in the container say so", .needsPython)
    func identity() async throws {
        let python = try #require(Requirement.python)
        let folder = URL(fileURLWithPath: python).deletingLastPathComponent().deletingLastPathComponent().path
        // What the libraries' Python is made of may lie elsewhere.
        let base = try await Program.run([python, "-c", "import sys; print(sys.base_prefix, end='')"]).output
        try await LandfallServer.withImage(options: ["/usr", folder, base].flatMap { ["--share", $0] }) { server in
            try await server.gcloud(
                "projects", "add-iam-policy-binding", "demo", "--member=serviceAccount:\(Self.reporter)",
                "--role=roles/batch.jobsViewer", "--condition=None")
            // The image has no more than busybox: the rest is this machine's.
            let mounts = [("usr", "/usr", "/usr"), ("lib", "/usr/lib", "/lib"), ("lib64", "/usr/lib64", "/lib64")]
            let all = mounts + [("python", folder, folder)] + (base == "/usr" ? [] : [("base", base, base)])
            let script = """
                gcloud config get account
                curl -sS -H Metadata-Flavor:Google \
                http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/email; echo
                call() { curl -sS -o /dev/null -w '%{http_code}\\n' -H "Authorization: Bearer $(gcloud auth print-access-token)" "$@"; }
                call https://batch.googleapis.com/v1/projects/demo/locations/us-central1/jobs
                call https://iam.googleapis.com/v1/projects/demo/serviceAccounts
                \(python) -c 'import google.auth; from google.cloud import batch_v1
                credentials, project = google.auth.default()
                print(project, len(list(batch_v1.BatchServiceClient().list_jobs(parent="projects/demo/locations/us-central1"))))'
                """
            let job: [String: Any] = [
                "apiVersion": "run.googleapis.com/v1", "kind": "Job", "metadata": ["name": "who"],
                "spec": [
                    "template": [
                        "spec": [
                            "template": [
                                "spec": [
                                    "serviceAccountName": Self.reporter, "maxRetries": 0,
                                    "volumes": all.map { volume in
                                        [
                                            "name": volume.0,
                                            "nfs": ["server": "localhost", "path": volume.1, "readOnly": true],
                                        ] as [String: Any]
                                    },
                                    "containers": [
                                        [
                                            "image": Self.image, "command": ["sh"], "args": ["-c", script],
                                            "env": [["name": "PATH", "value": "/usr/bin:/bin"]],
                                            "resources": ["limits": ["memory": "1Gi"]],
                                            "volumeMounts": all.map { ["name": $0.0, "mountPath": $0.2] },
                                        ] as [String: Any]
                                    ],
                                ] as [String: Any]
                            ]
                        ]
                    ]
                ],
            ]
            let text = String(decoding: try JSONSerialization.data(withJSONObject: job), as: UTF8.self)
            try await server.gcloud(
                "run", "jobs", "replace", try server.file("job.json", text), "--region=us-central1")
            let run = try await server.exec(
                ["gcloud", "run", "jobs", "execute", "who", "--wait", "--quiet"] + Self.region)
            let lines = try await lines(server, of: "who")
            #expect(run.status == 0, "\(run.errors)")
            #expect(lines.suffix(5) == [Self.reporter, Self.reporter, "200", "403", "demo 0"], "\(lines)")
        }
    }

    @Test("of Batch mix them with scripts: they share a volume, wait at a barrier, read a secret and log to files")
    func batch() async throws {
        let shared = "/var/tmp/landfall-shared-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: shared, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o777])
        defer { try? FileManager.default.removeItem(atPath: shared) }
        try await Program.shell("chmod 777 \(shared)")
        try await LandfallServer.withImage(options: ["--bucket", "results=\(shared)"]) { server in
            let secret = try server.file("secret", "s3cret")
            try await server.gcloud(
                "secrets", "create", "word", "--replication-policy=automatic", "--data-file=\(secret)")
            for (target, role) in [("secrets", "secretmanager.secretAccessor"), ("", "artifactregistry.reader")] {
                let resource =
                    target.isEmpty
                    ? ["artifacts", "repositories", "add-iam-policy-binding", "images", "--location=us-central1"]
                    : ["secrets", "add-iam-policy-binding", "word"]
                let granted = try await server.exec(
                    ["gcloud"] + resource
                        + ["--member=serviceAccount:\(Self.reporter)", "--role=roles/\(role)", "--quiet"])
                guard granted.status == 0 else { throw TestFailure(granted.errors) }
            }
            let job = #"""
                {"taskGroups":[{"taskCount":2,"taskSpec":{"computeResource":{"cpuMilli":"500","memoryMib":"256"},
                "volumes":[{"gcs":{"remotePath":"results"},"mountPath":"/mnt/results"},
                {"deviceName":"data","mountPath":"/mnt/data"}],
                "environment":{"secretVariables":{"WORD":"projects/demo/secrets/word/versions/latest"}},
                "runnables":[
                {"container":{"imageUri":"\#(Self.image)","entrypoint":"/bin/sh","commands":["-c",
                "echo $WORD > /mnt/data/word; touch /mnt/results/$BATCH_TASK_INDEX"]}},
                {"barrier":{"name":"all"}},
                {"script":{"text":"cat /mnt/data/word; ls /mnt/results | grep -c '^[01]$'"}}]}}],
                "allocationPolicy":{"serviceAccount":{"email":"\#(Self.reporter)"},
                "instances":[{"policy":{"disks":[{"deviceName":"data","newDisk":{"sizeGb":"10"}}]}}]},
                "logsPolicy":{"destination":"PATH","logsPath":"/mnt/results/logs"}}
                """#
            try await server.landfall("submit", try server.file("job.json", job), "--name", "mixed", "--wait")
            let logs = try FileManager.default.contentsOfDirectory(atPath: "\(shared)/logs")
            let outputs = logs.filter { $0.hasPrefix("output-") }
            #expect(outputs.count == 2, "\(logs)")
            for name in outputs {
                let text = try String(contentsOfFile: "\(shared)/logs/\(name)", encoding: .utf8)
                let said = text.split(separator: "\n").compactMap { $0.split(separator: "] ").last }
                #expect(said == ["s3cret", "2"], "\(text)")
            }
        }
    }

    @Test("of Batch say which permission their account lacks, when it may not read the image")
    func refusedImage() async throws {
        try await LandfallServer.withImage { server in
            let job = """
                {"taskGroups":[{"taskSpec":{"runnables":[{"container":{"imageUri":"\(Self.image)"}}]}}],
                "allocationPolicy":{"serviceAccount":{"email":"\(Self.reporter)"}}}
                """
            let file = try server.file("job.json", job)
            let words = ["submit", file, "--name", "refused", "--wait"]
            #expect(try await server.run([LandfallServer.landfall] + words).status == 1)
            let events = try await server.gcloud(
                "batch", "jobs", "describe", "refused", "--location=us-central1",
                "--format=value(status.statusEvents[].description)")
            #expect(events.contains("The image \(Self.image) may not be read"), "\(events)")
            #expect(events.contains("artifactregistry.repositories.downloadArtifacts"), "\(events)")
        }
    }
}
