import Foundation
import Methods
import Schema
import Testing
import Workload

@testable import Batch

@Suite("Reading tasks")
struct TaskTests {
    /// A job of ten tasks, of which 0, 1 and 2 have been touched.
    private func world() async throws -> World {
        let world = World()
        let job = try await world.create(World.hello.replacingOccurrences(of: ":3}", with: ":10}"))
        await world.jobs.change("hello") {
            $0.nextIndex = 3
            $0.state = .running
        }
        for (index, state) in [TaskState.succeeded, .failed, .running].enumerated() {
            await world.jobs.put(TaskRecord(index: index, state: state), of: job.uid)
        }
        return world
    }

    private func get(_ world: World, _ task: String) async throws -> Wire.Task {
        try await world.call(
            "google.cloud.batch.v1.BatchService.GetTask",
            Google_Cloud_Batch_V1_GetTaskRequest.with {
                $0.name = "projects/123456789012/locations/us-central1/jobs/hello/taskGroups/\(task)"
            }, as: Wire.Task.self)
    }

    @Test("Touched tasks and untouched ones make one list")
    func list() async throws {
        let list = try await world().listTasks()
        #expect(list.tasks.map(\.status.state.rawValue) == [5, 4, 3] + Array(repeating: 1, count: 7))
        #expect(
            list.tasks.last?.name == "projects/demo/locations/us-central1/jobs/hello/taskGroups/group0/tasks/9")
        #expect(list.nextPageToken.isEmpty)
    }

    @Test(
        "Pages follow each other, with a filter too", arguments: [("", 10), ("state=PENDING", 7), ("state=FAILED", 1)])
    func pages(_ filter: String, _ count: Int) async throws {
        let world = try await world()
        var (names, token) = ([String](), "")
        for _ in 0..<20 {
            let page = try await world.listTasks {
                $0.pageSize = 3
                $0.filter = filter
                $0.pageToken = token
            }
            names += page.tasks.map(\.name)
            token = page.nextPageToken
            if token.isEmpty { break }
        }
        #expect(token.isEmpty)
        #expect(names.count == count)
        #expect(Set(names).count == count)
    }

    @Test("A hundred thousand tasks are listed in bounded steps, whatever the filter lets through")
    func many() async throws {
        let world = World()
        try await world.create(World.hello.replacingOccurrences(of: ":3}", with: ":100000}"))
        var (token, requests, found) = ("", 0, 0)
        repeat {
            let page = try await world.listTasks {
                $0.filter = "state=RUNNING"
                $0.pageToken = token
            }
            found += page.tasks.count
            token = page.nextPageToken
            requests += 1
        } while !token.isEmpty && requests < 100
        #expect(found == 0)
        #expect(requests == 5)
    }

    @Test("A token of one job's tasks is not taken for another's")
    func foreignToken() async throws {
        let world = try await world()
        try await world.create(id: "other")
        let token = try await world.listTasks { $0.pageSize = 1 }.nextPageToken
        let error = await #expect(throws: ServiceError.self) {
            try await world.listTasks {
                $0.parent = "\(World.parent)/jobs/other/taskGroups/group0"
                $0.pageToken = token
            }
        }
        #expect(error?.fields == ["page_token"])
    }

    @Test("A token with any position in it is answered", arguments: [-1, Int.min, Int.max, Int.max - 1, 9, 10])
    func forgedToken(_ position: Int) async throws {
        let world = try await world()
        var base64 = try await world.listTasks { $0.pageSize = 1 }.nextPageToken
            .replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        let text = String(decoding: try #require(Data(base64Encoded: base64)), as: UTF8.self)
        let forged = text.replacing("\"position\":0", with: "\"position\":\(position)")
        #expect(forged != text)
        let list = try await world.listTasks { $0.pageToken = Data(forged.utf8).base64EncodedString() }
        #expect(list.tasks.count == (position < 0 ? 10 : 0))
    }

    @Test("A single task is read by its index")
    func single() async throws {
        let world = try await world()
        #expect(try await get(world, "group0/tasks/1").status.state == .failed)
        #expect(try await get(world, "group0/tasks/9").status.state == .pending)
    }

    @Test(
        "What is no task is not found",
        arguments: [
            "group0/tasks/10", "group0/tasks/-1", "group0/tasks/01", "group0/tasks/+1", "group0/tasks/x",
            "group1/tasks/0",
        ])
    func missing(_ task: String) async throws {
        let world = try await world()
        let error = await #expect(throws: ServiceError.self) { try await get(world, task) }
        #expect(error?.code == .notFound)
    }
}
