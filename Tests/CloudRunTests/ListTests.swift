import Foundation
import Schema
import SwiftProtobuf
import Testing

@testable import CloudRun

@Suite("Lists of Cloud Run")
struct ListTests {
    private func tasks(
        _ world: World, of parent: String, size: Int32 = 0, _ token: String = ""
    ) async throws -> Google_Cloud_Run_V2_ListTasksResponse {
        try await world.call(
            "google.cloud.run.v2.Tasks.ListTasks",
            Google_Cloud_Run_V2_ListTasksRequest.with {
                $0.parent = "\(World.parent)/jobs/\(parent)"
                $0.pageSize = size
                $0.pageToken = token
            }, as: Google_Cloud_Run_V2_ListTasksResponse.self)
    }

    /// What is in a token, with some words in place of others.
    private func forged(_ token: String, _ words: (String, String)...) throws -> String {
        var base64 = token.replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        var text = String(decoding: try #require(Data(base64Encoded: base64)), as: UTF8.self)
        for (old, new) in words {
            try #require(text.contains(old))
            text = text.replacing(old, with: new)
        }
        return Data(text.utf8).base64EncodedString()
    }

    @Test("A token with any index in it is answered", arguments: [-1, Int.min, Int.max, Int.max - 1, 3])
    func index(_ index: Int) async throws {
        let world = try await World()
        try await world.create(World.job(template: #""taskCount":3,"#))
        let id = try await world.start()
        let parent = "report/executions/\(id)"
        let token = try await tasks(world, of: parent, size: 1).nextPageToken
        let list = try await tasks(world, of: parent, size: 0, forged(token, ("\"index\":0", "\"index\":\(index)")))
        #expect(list.tasks.count == (index < 0 ? 3 : 0))
    }

    @Test("A token that names an execution of another job leads to none of its tasks")
    func otherJob() async throws {
        let world = try await World()
        for id in ["report", "other"] { try await world.create(World.job(template: #""taskCount":3,"#), id: id) }
        let foreign = try await world.start("other")
        let own = try await world.start()
        let token = try await tasks(world, of: "report/executions/-", size: 1).nextPageToken
        let list = try await tasks(world, of: "report/executions/-", size: 0, forged(token, (own, foreign)))
        #expect(list.tasks.allSatisfy { $0.job == "report" })
    }

    @Test("A page ends early when what it holds is large, and the next one goes on")
    func large() async throws {
        let world = try await World()
        let words = (0..<30).map { _ in #""\#(String(repeating: "x", count: 30_000))""# }.joined(separator: ",")
        let job = #"{"template":{"taskCount":9,"template":{"containers":[{"image":"busybox","args":[\#(words)]}]}}}"#
        for number in 0..<6 { try await world.create(job, id: "report-\(number)") }
        var (names, token, pages): ([String], String, Int) = ([], "", 0)
        repeat {
            let page = try await world.call(
                "google.cloud.run.v2.Jobs.ListJobs",
                Google_Cloud_Run_V2_ListJobsRequest.with {
                    $0.parent = World.parent
                    $0.pageToken = token
                }, as: Google_Cloud_Run_V2_ListJobsResponse.self)
            #expect(page.jobs.count <= 4)
            names += page.jobs.map(\.name)
            (token, pages) = (page.nextPageToken, pages + 1)
        } while !token.isEmpty && pages < 20
        #expect(Set(names).count == 6 && names.count == 6)
        // gcloud asks for jobs once, and does not go on.
        #expect(try await world.jobsV1().items.count == 6)

        let id = try await world.start("report-0")
        var indices: [Int32] = []
        repeat {
            let page = try await tasks(world, of: "report-0/executions/\(id)", size: 0, token)
            #expect(page.tasks.count <= 4)
            indices += page.tasks.map(\.index)
            token = page.nextPageToken
        } while !token.isEmpty && indices.count < 20
        #expect(indices == Array(0..<9))
    }
}
