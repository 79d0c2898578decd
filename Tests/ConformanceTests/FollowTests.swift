import Glibc
import Testing

@Suite("Whoever waits for a job")
struct FollowTests {
    @Test("sees each line once and in the order of its coming, whatever time it claims for itself")
    func claimedTimes() async throws {
        let script = """
            echo one; sleep 1
            date -u -d '+5 hours' '+{"message":"ahead","time":"%FT%TZ"}'; sleep 1
            date -u -d '-5 hours' '+{"message":"behind","time":"%FT%TZ"}'; sleep 1
            echo two
            """
        try await LandfallServer.with { server in
            let file = try server.file("job.json", TestJob(script).json)
            let said = try await server.landfall("submit", file, "--wait")
            let lines = said.split(separator: "\n").filter { $0.hasPrefix("0: ") }
            #expect(lines == ["0: one", "0: ahead", "0: behind", "0: two"])
        }
    }

    @Test("sees it through when the server stops and starts again; who asks meanwhile is told that there is none")
    func restart() async throws {
        let script = "echo one; sleep 8; echo two"
        try await LandfallServer.with { server in
            let file = try server.file("job.json", TestJob(script).json)
            let port = try server.info().port
            async let waiting = server.run([LandfallServer.landfall, "submit", file, "--name", "long", "--wait"])
            let _: Bool = try await eventually("the job prints") {
                // There is no such job yet, at first.
                (try? await server.log("long"))?.isEmpty == false ? true : nil
            }
            await server.end(with: SIGKILL)
            let refused = try await server.run([LandfallServer.landfall, "jobs"])
            #expect(
                refused.errors == "Error: No server answers at http://127.0.0.1:\(port). Is 'landfall up' running?\n")
            #expect(refused.status == 1)
            try await server.start(port: port)
            let result = try await waiting
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("0: one\n") && result.output.contains("0: two\n"))
        }
    }
}
