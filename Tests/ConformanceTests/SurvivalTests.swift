import Directory
import DirectorySupport
import Foundation
import Server
import Store
import TestSupport
import Testing

@Suite("Survival of a whole server", .needsRoot, .serialized)
struct SurvivalTests {
    /// The log of tasks that print three lines each, when each line was kept exactly once.
    private static func expected(tasks: Int) -> [String] {
        (0..<tasks).flatMap { task in (1...3).map { "\(task).0 line \($0)" } }.sorted()
    }

    @Test("a server that is killed while a job runs loses no task, runs none twice, and keeps each line once")
    func killedServer() async throws {
        try await LandfallServer.with { server in
            let script = """
                for i in 1 2 3; do echo $BATCH_TASK_INDEX.$BATCH_TASK_RETRY_ATTEMPT line $i; sleep 0.1; done
                """
            try await server.submit("many", TestJob(script, tasks: 60))
            for _ in 0..<2 {
                let count = try await server.log("many").count
                try await server.printed("many", lines: min(count + 10, 180))
                await server.end(with: SIGKILL)
                try await server.start()
            }
            #expect(try await server.ended("many").state == "SUCCEEDED")
            #expect(try await server.log("many").sorted() == Self.expected(tasks: 60))
            for task in [0, 30, 59] {
                #expect(try await server.status("many", task: task).exitCodes == [0])
            }
        }
    }

    @Test("tasks outlive a server that ends with SIGTERM, and the next one hears of their ends")
    func terminatedServer() async throws {
        try await LandfallServer.with { server in
            try await server.submit("long", TestJob("echo begun; sleep 15; echo over; exit 7"))
            try await server.printed("long", lines: 1)
            let worker = server.agent(.worker)
            #expect(await server.end(with: SIGTERM) == 0)
            #expect(server.agent(.worker) == worker)
            try await server.start()
            #expect(try await server.ended("long").state == "FAILED")
            #expect(try await server.log("long") == ["begun", "over"])
            #expect(try await server.status("long", task: 0).exitCodes == [7])
        }
    }

    @Test("jobs of a project that was deleted as its server died are ended by the next one")
    func deletedProject() async throws {
        try await LandfallServer.with { server in
            try await server.submit("long", TestJob("echo begun; sleep 600"))
            try await server.printed("long", lines: 1)
            await server.end(with: SIGKILL)
            // What is on disk when the server dies between the mark and the end of the jobs.
            let store = try SQLiteStore(path: DataLayout(root: server.data).database)
            try await Directory(store).setDeleted(true)
            try await server.start()
            #expect(try await server.batch("GET", "jobs/long").status == 403)
            let host = "cloudresourcemanager.googleapis.com"
            #expect(try await server.call("POST", host, "/v1/projects/demo:undelete", body: "{}").status == 200)
            #expect(try await server.ended("long").state == "CANCELLED")
        }
    }

    @Test("an agent without tasks leaves with its server, and nothing of it is left")
    func idleAgent() async throws {
        try await LandfallServer.with { server in
            _ = try await server.outcome("hello", TestJob("echo hello"))
            #expect(await server.end(with: SIGTERM) == 0)
            try await expectNothingLeft(of: server)
        }
    }

    @Test("SIGINT ends the tasks, and nothing is left of them on the machine")
    func interruptedServer() async throws {
        try await LandfallServer.with { server in
            let marks = [server.sleep(1), server.sleep(2)]
            try await server.submit("long", TestJob("trap '' TERM; echo on; setsid \(marks[0]) & \(marks[1]); wait"))
            try await server.submit("root", TestJob("echo on > /etc/mark; cat /etc/mark; \(marks[1])"))
            for name in ["long", "root"] { try await server.printed(name, lines: 1) }
            let seat = try server.seat()
            #expect(try await !server.belongings(of: seat).isEmpty)
            let before = try await server.belongings(of: seat)
            #expect(await server.end(with: SIGINT) == 0)
            try await expectNothingLeft(of: server)
            #expect(try await server.belongings(of: seat).intersection(before) == [])
            for mark in marks { #expect(HostProcesses.ids(with: mark) == []) }
            try await server.start()
            #expect(try await server.ended("long").state == "FAILED")
        }
    }

    @Test(
        "when a part of the agent dies its tasks are gone and tried again by another agent",
        arguments: [LandfallServer.AgentPart.worker, .supervisor, .launcher])
    func killedAgent(part: LandfallServer.AgentPart) async throws {
        try await LandfallServer.with { server in
            let mark = server.sleep(1)
            let script = """
                echo attempt $BATCH_TASK_RETRY_ATTEMPT
                test $BATCH_TASK_RETRY_ATTEMPT -gt 0 && exit
                setsid \(mark) & \(mark)
                """
            try await server.submit("again", TestJob(script, task: [TestJob.small, #""maxRetryCount":1"#]))
            try await server.submit("once", TestJob("echo on; \(mark)"))
            for name in ["again", "once"] { try await server.printed(name, lines: 1) }
            try server.killAgent(part)
            #expect(try await server.ended("again").state == "SUCCEEDED")
            #expect(try await server.log("again") == ["attempt 0", "attempt 1"])
            #expect(try await server.status("again", task: 0).exitCodes == [50002, 0])
            #expect(try await server.ended("once").state == "FAILED")
            #expect(try await server.status("once", task: 0).exitCodes == [50002])
            #expect(HostProcesses.ids(with: mark) == [])
            for part in [LandfallServer.AgentPart.supervisor, .worker, .launcher] {
                #expect(server.agent(part).count == 1)
            }
            let log = try String(contentsOfFile: server.data + "/agent/agent.log", encoding: .utf8)
            #expect(log.contains("tasks are lost"), "\(log)")
        }
    }

    @Test("a second server on the same data is refused, and does no harm")
    func secondServer() async throws {
        try await LandfallServer.with { server in
            try await server.submit("long", TestJob("echo on; sleep 2"))
            let second = try await Program.run(
                [LandfallServer.landfall, "up", "--data", server.data, "--listen", "127.0.0.1:0"])
            #expect(second.status == 1)
            #expect(second.errors.contains("Another server runs on \(server.data)"), "\(second.errors)")
            #expect(try await server.ended("long").state == "SUCCEEDED")
        }
    }

    @Test("a record that cannot be read stops a server's start, and is named; what there was is there again without it")
    func unreadableRecord() async throws {
        try await LandfallServer.with { server in
            func change(_ statement: String) async throws {
                let database = server.data + "/state/landfall.db"
                let program =
                    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
                let result = try await Program.run(["python3", "-c", program, database, statement])
                try #require(result.status == 0, "\(result.errors)")
            }
            await server.end(with: SIGTERM)
            try await change(
                "INSERT INTO record (kind, key, value) VALUES ('policy', 'projects/strange', '{\"etag\":')")
            let refused = try await Program.run(
                [LandfallServer.landfall, "up", "--data", server.data, "--listen", "127.0.0.1:0"])
            #expect(refused.status == 1)
            #expect(refused.errors.contains("cannot be read: policy 'projects/strange'"), "\(refused.errors)")
            try await change("DELETE FROM record WHERE key = 'projects/strange'")
            try await server.start()
            try await server.landfall("jobs")
        }
    }

    @Test("a server that cannot have its port says so, and starts nothing")
    func port() async throws {
        try await LandfallServer.with { server in
            let directory = server.directory + "/second"
            let port = try server.info().port
            let second = try await Program.run(
                [LandfallServer.landfall, "up", "--data", directory, "--listen", "127.0.0.1:\(port)"])
            #expect(second.status == 1)
            #expect(second.errors.contains("127.0.0.1:\(port): Address already in use"), "\(second.errors)")
            #expect(HostProcesses.ids(with: directory) == [])
        }
    }

    @Test("a server of an ordinary user ends with what it needs, and why")
    func ordinaryUser() async throws {
        let directory = "/tmp/landfall-test-\(UUID().uuidString.prefix(8).lowercased())"
        let result = try await Program.run([
            "setpriv", "--reuid", "61234", "--regid", "61234", "--clear-groups", LandfallServer.landfall, "up",
            "--data", directory,
        ])
        #expect(result.status == 1)
        #expect(result.errors.contains("needs root: to give each task its own user"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: directory))
    }

    /// Checks that no process and no mount of a server's is left.
    private func expectNothingLeft(of server: LandfallServer) async throws {
        try await server.waitUntilGone()
        let mounts = try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)
        #expect(!mounts.contains(server.directory))
        let left = try FileManager.default.contentsOfDirectory(atPath: server.data + "/agent/sandboxes")
        #expect(left == [])
    }
}
