import Foundation
import TestSupport
import Testing

@Suite("What a task does to its files", .needsRoot, .serialized)
struct TaskFileTests {
    @Test("hurts itself at most: steps follow no link outwards, and nothing is left", arguments: TaskOwner.allCases)
    func hostileFiles(owner: TaskOwner) async throws {
        let outside = "/var/tmp/landfall-outside-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: outside + "/d", withIntermediateDirectories: true)
        try "kept".write(toFile: outside + "/file", atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: outside) }
        try await LandfallServer.with { server in
            let environment = ["OUTSIDE": outside, "FILES": owner == .root ? "10000" : "100000"]
            let job = TestJob(
                runnables: [
                    try TestJob.attack("files.py", environment: environment),
                    TestJob.script("pwd; echo second", #""alwaysRun":true"#),
                ],
                task: [TestJob.resources(cpuMilli: 2000, memoryMiB: 512)], group: owner.group)
            let (status, log) = try await server.outcome("files", job)
            #expect(log.filter { $0.hasPrefix("chattr") } == ["chattr +i refused", "chattr +a refused"])
            switch owner {
            case .account:
                // A home that cannot be entered is no reason not to run.
                #expect(status.state == "SUCCEEDED" && log.suffix(3) == ["end", "/", "second"], "\(log)")
            case .root:
                // It has put a link where its next script was to lie: the script is not written through it.
                #expect(log.contains("/run/landfall replaced") && log.last == "end", "\(log)")
                #expect(status.exitCodes.isEmpty && status.state == "FAILED", "\(status.text)")
                #expect(try await server.status("files", task: 0).text.contains("Step 1 could not be started"))
            }
            try await server.waitForLeftovers()
            let names = try FileManager.default.contentsOfDirectory(atPath: outside).sorted()
            #expect(names == ["d", "file"])
            #expect(try String(contentsOfFile: outside + "/file", encoding: .utf8) == "kept")
            // The next task finds all as it should be.
            let next = try await server.outcome("next", TestJob("cd && pwd && ls -A | wc -l", group: owner.group))
            #expect(next.status.state == "SUCCEEDED" && next.log.count == 2, "\(next.log)")
        }
    }

    @Test("is its own affair when it deletes its working directory", arguments: TaskOwner.allCases)
    func workingDirectory(owner: TaskOwner) async throws {
        try await LandfallServer.with { server in
            let delete =
                "mkdir -p $HOME/work; cd $HOME/work; rm -rf $HOME/work $HOME/* /tmp/*; pwd; rmdir $HOME 2>/dev/null"
            let job = TestJob(
                runnables: [TestJob.script(delete + "; echo first"), TestJob.script("echo second")], group: owner.group)
            let (status, log) = try await server.outcome("deletes", job)
            #expect(status.state == "SUCCEEDED", "\(log)")
            #expect(log.suffix(2) == ["first", "second"])
            try await server.waitForLeftovers()
        }
    }
}
