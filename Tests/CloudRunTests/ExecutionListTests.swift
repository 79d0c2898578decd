import Foundation
import Methods
import Schema
import Testing

@testable import CloudRun

@Suite("Lists of executions and tasks")
struct ExecutionListTests {
    @Test("An execution is found under its own job alone")
    func parents() async throws {
        let world = try await World()
        try await world.create()
        try await world.create(id: "other")
        let id = try await world.start()
        await #expect(throws: ServiceError.self) { try await world.execution(id, of: "other") }
        #expect(try await world.execution(id, of: "-").job == "report")
    }

    @Test("Lists have the executions of one job or of all, newest first, page by page")
    func lists() async throws {
        let world = try await World()
        try await world.create()
        try await world.create(id: "other")
        let first = try await world.start()
        let second = try await world.start("other")
        let third = try await world.start()
        func list(_ job: String, _ size: Int32 = 0, _ token: String = "") async throws -> ([String], String) {
            let page = try await world.call(
                "google.cloud.run.v2.Executions.ListExecutions",
                Google_Cloud_Run_V2_ListExecutionsRequest.with {
                    $0.parent = "\(World.parent)/jobs/\(job)"
                    $0.pageSize = size
                    $0.pageToken = token
                }, as: Google_Cloud_Run_V2_ListExecutionsResponse.self)
            return (
                page.executions.compactMap { $0.name.split(separator: "/").last.map(String.init) }, page.nextPageToken
            )
        }
        #expect(try await list("report").0 == [third, first])
        #expect(try await list("-").0 == [third, second, first])
        let (page, token) = try await list("-", 2)
        #expect(page == [third, second])
        #expect(try await list("-", 2, token) == ([first], ""))
        await #expect(throws: ServiceError.self) { try await list("missing") }
        func listV1(_ selector: String) async throws -> [String] {
            try await world.executionsV1(selector).items.map(\.metadata.name)
        }
        #expect(try await listV1("run.googleapis.com/job = report") == [third, first])
        #expect(try await listV1("run.googleapis.com/job = missing") == [])
        try await world.engine.run(world.name(first))
        #expect(
            try await listV1("run.googleapis.com/job = report, run.googleapis.com/servingState = Active") == [third])
    }

    @Test("Tasks are listed by index, the untouched ones among them, page by page")
    func tasks() async throws {
        let world = try await World()
        try await world.create(World.job(#""maxRetries":0,"#, template: #""taskCount":3,"#))
        let id = try await world.start()
        let other = try await world.start()
        try await world.engine.run(world.name(id), exitCode: 1)
        let tasks = try await world.tasks(of: id)
        #expect(tasks.map(\.index) == [0, 1, 2])
        #expect(Set(tasks.map(\.uid)).count == 3)
        #expect(tasks[0].name == "\(World.parent)/jobs/report/executions/\(id)/tasks/\(id)-task0")
        let failed = try await world.tasksV1(
            "run.googleapis.com/execution = \(id), run.googleapis.com/runningState in (Succeeded,Failed)")
        #expect(failed.items.map(\.metadata.name) == ["\(id)-task0"])
        #expect(failed.kind == "TasksList" && failed.hasMetadata)
        var names: [String] = []
        var token = ""
        repeat {
            let page = try await world.tasksV1(limit: 2, continue: token)
            names += page.items.map(\.metadata.name)
            token = page.metadata.continue
        } while !token.isEmpty
        #expect(names == [other, id].flatMap { id in (0..<3).map { "\(id)-task\($0)" } })
        let task = try await world.taskV1("\(id)-task2")
        #expect(task.status.index == 2 && task.metadata.labels["run.googleapis.com/runningState"] == "Pending")
        for missing in ["\(id)-task3", "\(id)-task02", "\(id)", "nothing-task0"] {
            await #expect(throws: ServiceError.self) { try await world.taskV1(missing) }
        }
    }
}
