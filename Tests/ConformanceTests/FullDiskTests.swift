import Foundation
import TestSupport
import Testing

@Suite("A full disk", .needsRoot, .serialized)
struct FullDiskTests {
    @Test("is said to clients, changes nothing, holds tasks up that print, and is survived")
    func fullDisk() async throws {
        try await LandfallServer.with { server in
            try await server.mountSmallDisk()
        } _: { server in
            let (filled, printed) = (server.sleep(6), server.sleep(7))
            let loop = "i=1; while test $i -lt 2000; do echo line $i; i=$((i+1)); done"
            try await server.submit("prints", TestJob("echo line 0; \(filled); \(loop); \(printed); true"))
            try await server.printed("prints", lines: 1)
            // The files that are there must not have room left in their last blocks either.
            let filler = server.data + "/filler"
            _ = try await Program.run(["dd", "if=/dev/zero", "of=\(filler)", "bs=4096"])

            let text = String(repeating: "x", count: 8192)
            for number in 0..<3 {
                let job = TestJob("echo \(text)")
                let refused = try await server.batch("POST", "jobs?jobId=full-\(number)", body: job.json)
                #expect(refused.status == 429 && refused.body.contains("RESOURCE_EXHAUSTED"), "\(refused.body)")
                #expect(refused.body.contains("disk is full"), "\(refused.body)")
                #expect(try await server.batch("GET", "jobs/full-\(number)").status == 404)
            }
            let entry =
                #"{"logName":"projects/demo/logs/mine","resource":{"type":"global"},"entries":[{"textPayload":""#
            let write = try await server.call(
                "POST", "logging.googleapis.com", "/v2/entries:write", body: entry + text + "\"}]}")
            #expect(write.status == 429, "\(write.body)")
            // The task prints, and ends.
            try await Self.end(filled)
            try await Self.end(printed)
            // Reading goes on, of what the server could keep.
            #expect(try await server.batch("GET", "jobs").status == 200)
            #expect(try await server.status("prints").state == "RUNNING")

            try FileManager.default.removeItem(atPath: filler)
            let (status, log) = try await server.outcome("room", TestJob("echo again"))
            #expect(status.state == "SUCCEEDED" && log == ["again"])
            #expect(try await server.ended("prints").state == "SUCCEEDED")
            #expect(try await server.log("prints") == (0..<2000).map { "line \($0)" })
            #expect(try await server.batch("GET", "jobs/full-0").status == 404)
        }
    }

    /// Ends a task's process as soon as it runs, and waits until it is gone.
    private static func end(_ command: String) async throws {
        let id = try await eventually(command) { HostProcesses.ids(with: command).first { isSleep($0) } }
        // The one signal that shells do not speak of.
        kill(id, SIGPIPE)
        let _: Bool = try await eventually("the end of \(command)") { isSleep(id) ? nil : true }
    }

    private static func isSleep(_ id: Int32) -> Bool {
        (try? String(contentsOfFile: "/proc/\(id)/comm", encoding: .utf8)) == "sleep\n"
    }
}
