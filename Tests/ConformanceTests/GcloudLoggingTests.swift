import Foundation
import TestSupport
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
            let tail = try await RunningProgram(words, environment: server.environment)
            let patience = Task {
                try await Task.sleep(for: .seconds(300))
                tail.send(SIGTERM)
            }
            defer {
                patience.cancel()
                tail.send(SIGTERM)
            }
            // It prints until it has been seen: gcloud takes its time to start.
            try await server.submit("ticks", TestJob("while true; do echo tick; sleep 0.2; done"))
            var seen = ""
            while !seen.contains("tick\ntick"), let text = await tail.output.some() { seen += text }
            #expect(seen.contains("tick\ntick"), "\(seen)")
        }
    }
}
