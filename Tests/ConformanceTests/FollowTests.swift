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
}
