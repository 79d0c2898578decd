import Foundation
import Testing

@Suite("gcloud logging", .needsRoot, .needsGcloud, .serialized)
struct GcloudLoggingTests {
    @Test("an entry is written, its log is listed, and it is read")
    func writeAndRead() async throws {
        try await LandfallServer.with { server in
            let written = try await server.exec(["gcloud", "logging", "write", "notes", "a note", "--severity=NOTICE"])
            #expect(written.status == 0, "\(written.errors)")
            let logs = try await server.exec(["gcloud", "logging", "logs", "list"])
            #expect(logs.output.contains("projects/demo/logs/notes"), "\(logs.output)\(logs.errors)")
            let read = try await server.exec([
                "gcloud", "logging", "read", "logName=projects/demo/logs/notes AND severity>=INFO",
                "--format=value(textPayload,severity)",
            ])
            #expect(read.output.contains("a note\tNOTICE"), "\(read.output)\(read.errors)")
        }
    }

    @Test("tail shows a job's lines while it runs")
    func tail() async throws {
        try await LandfallServer.with { server in
            let words = [
                LandfallServer.landfall, "exec", "--", "gcloud", "beta", "logging", "tail",
                "resource.type=batch.googleapis.com/Job", "--format=value(textPayload)", "--buffer-window=0s",
            ]
            let tail = try Program.start(words, environment: server.environment)
            defer { tail.process.terminate() }
            let reader = Task { () -> String in
                var seen = ""
                while !seen.contains("tick 30"), let text = await tail.output.some() { seen += text }
                return seen
            }
            let job = """
                {"taskGroups":[{"taskSpec":{"runnables":[{"script":{"text":\
                "for i in $(seq 30); do echo tick $i; sleep 0.3; done"}}]}}],\
                "logsPolicy":{"destination":"CLOUD_LOGGING"}}
                """
            try await server.landfall("submit", server.file("ticks.json", job), "--name", "ticks", "--wait")
            let seen = await withTaskGroup(of: String.self) { group in
                group.addTask { await reader.value }
                group.addTask {
                    try? await Task.sleep(for: .seconds(30))
                    tail.process.terminate()
                    return ""
                }
                let first = await group.next() ?? ""
                group.cancelAll()
                return first
            }
            #expect(seen.contains("tick 30"), "\(seen)")
        }
    }
}
