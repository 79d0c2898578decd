import Foundation
import TestSupport
import Testing

@Suite("Thousands of jobs of one submitter", .needsRoot)
struct FairnessTests {
    private static let count = 1000
    private static let batch = "batch.googleapis.com"
    /// More processors than there are: one task at a time, whatever the machine.
    private static let alone = [#""computeResource":{"cpuMilli":"1000000","memoryMib":"64"}"#]

    @Test("let another's one go ahead after a few of them, while they are submitted, afterwards, and after a restart")
    func one() async throws {
        try await LandfallServer.with { server in
            try await server.landfall("login", "bob@example.com")
            // The latest login is the one that calls are made as.
            try await server.landfall("login", "alice@example.com")
            let policy = """
                {"policy":{"bindings":[{"role":"roles/owner","members":["user:alice@example.com"]},
                {"role":"roles/editor","members":["user:bob@example.com"]}]}}
                """
            let granted = try await Stranger(server: server, token: server.token(of: "alice@example.com"))
                .post("/v1/projects/demo:setIamPolicy", policy, host: "cloudresourcemanager.googleapis.com")
            #expect(granted.status == 200, "\(granted.message)")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<16 {
                    group.addTask {
                        let job = TestJob("sleep 0.5", task: Self.alone, job: [#""priority":"99""#])
                        for number in stride(from: worker, to: Self.count, by: 16) {
                            try await server.submit("alice-\(number)", job)
                        }
                    }
                }
                try await Self.submitAsBob("bob-meanwhile", server)
                try await group.waitForAll()
            }
            try await Self.submitAsBob("bob-afterwards", server)
            await server.end(with: SIGTERM)
            try await server.start()
            try await Self.submitAsBob("bob-restarted", server)
            // All this took as long as a few of them, not as all of them.
            #expect(try await Self.ended(server) < Self.count / 2)
        }
    }

    /// Submits a job as bob, waits for its end, and checks how many of alice's have ended meanwhile.
    private static func submitAsBob(_ name: String, _ server: LandfallServer) async throws {
        let bob = try Stranger(server: server, token: try await server.token(of: "bob@example.com"))
        let before = try await ended(server)
        let created = try await bob.post("\(Stranger.jobs)?jobId=\(name)", TestJob("true", task: alone).json)
        #expect(created.status == 200, "\(created.message)")
        let end = try await server.ended(name)
        #expect(end.state == "SUCCEEDED", "\(end.text)")
        // One that runs, one that was about to, and what ends while the test looks.
        let meanwhile = try await ended(server) - before
        #expect(meanwhile <= 12, "\(meanwhile) of alice's jobs ended before \(name)")
    }

    /// How many of alice's jobs have ended.
    private static func ended(_ server: LandfallServer) async throws -> Int {
        struct List: Decodable {
            struct Job: Decodable { var name: String }
            var jobs: [Job]?
            var nextPageToken: String?
        }
        var ended = 0
        var token = ""
        repeat {
            let filter = #"status.state="SUCCEEDED""#.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let list = try await server.batch("GET", "jobs?pageSize=1000&filter=\(filter)&pageToken=\(token)")
                .decoded(List.self)
            ended += (list.jobs ?? []).count { $0.name.contains("/jobs/alice-") }
            token = list.nextPageToken ?? ""
        } while !token.isEmpty
        return ended
    }
}
