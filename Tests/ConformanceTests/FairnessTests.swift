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
            // The thousand were not over: there was something to go ahead of.
            #expect(try await Self.jobs(of: "alice", server).count { $0.begun == nil } > 0)
        }
    }

    /// Submits a job as bob, waits for its end, and checks how many of alice's began while it waited for its turn.
    private static func submitAsBob(_ name: String, _ server: LandfallServer) async throws {
        let bob = try Stranger(server: server, token: try await server.token(of: "bob@example.com"))
        let created = try await bob.post("\(Stranger.jobs)?jobId=\(name)", TestJob("true", task: alone).json)
        #expect(created.status == 200, "\(created.message)")
        let end = try await server.ended(name)
        #expect(end.state == "SUCCEEDED", "\(end.text)")
        // The server's own times say it, however late a test looks.
        let job = try #require(try await jobs(of: name, server).first)
        let begun = try #require(job.begun)
        let meanwhile = try await jobs(of: "alice", server).compactMap(\.begun).count { job.created < $0 && $0 < begun }
        #expect(meanwhile <= 12, "\(meanwhile) of alice's jobs began before \(name)")
    }

    private struct Job: Decodable {
        struct Status: Decodable { var statusEvents: [Event]? }
        struct Event: Decodable {
            var description: String
            var eventTime: String
        }

        var name: String
        var createTime: String
        var status: Status

        /// Comparable as text, as the time below: without the zone a time is less than itself with a fraction.
        var created: Substring { createTime.dropLast() }
        /// When it began to run; nil when it waits.
        var begun: Substring? {
            status.statusEvents?.last { $0.description.contains("to RUNNING") }?.eventTime.dropLast()
        }
    }

    /// The jobs whose names begin so.
    private static func jobs(of prefix: String, _ server: LandfallServer) async throws -> [Job] {
        struct List: Decodable {
            var jobs: [Job]?
            var nextPageToken: String?
        }
        var found: [Job] = []
        var token = ""
        repeat {
            let list = try await server.batch("GET", "jobs?pageSize=1000&pageToken=\(token)").decoded(List.self)
            found += (list.jobs ?? []).filter { $0.name.contains("/jobs/\(prefix)") }
            token = list.nextPageToken ?? ""
        } while !token.isEmpty
        return found
    }
}
