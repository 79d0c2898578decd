import Foundation
import Testing

@Suite("A full disk", .needsRoot, .serialized)
struct FullDiskTests {
    @Test("is said to clients, changes nothing, holds tasks up that print, and is survived")
    func fullDisk() async throws {
        try await LandfallServer.with { server in
            try await Self.mount(server.data)
        } _: { server in
            let prints =
                "i=0; while test $i -lt 2000; do echo line $i; i=$((i+1)); test $((i % 100)) = 0 && sleep 0.1; done"
            try await server.submit("prints", TestJob(prints))
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
            // Reading goes on.
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

    /// Mounts a small file system in memory.
    private static func mount(_ path: String) async throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let result = try await Program.run(["mount", "-t", "tmpfs", "-o", "size=32m,mode=755", "landfall-test", path])
        guard result.status == 0 else { throw TestFailure("cannot mount: \(result.errors)") }
    }
}
