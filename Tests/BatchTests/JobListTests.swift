import Foundation
import Methods
import Testing
import Workload

@testable import Batch

@Suite("Listing jobs")
struct JobListTests {
    /// Jobs job-00, job-01 and so on, each a second younger than the one before.
    private func world(jobs count: Int) async throws -> World {
        let world = World()
        for number in 0..<count {
            try await world.create(id: "job-" + (number < 10 ? "0" : "") + String(number))
        }
        return world
    }

    private func ids(_ jobs: [Wire.Job]) -> [String] { jobs.map { String($0.name.suffix(2)) } }

    @Test(
        "The order is what is asked for, newest first by default",
        arguments: [
            ("", ["02", "01", "00"]), ("create_time", ["00", "01", "02"]), ("create_time desc", ["02", "01", "00"]),
            ("name", ["00", "01", "02"]), ("name  desc", ["02", "01", "00"]),
        ])
    func order(_ order: String, _ expected: [String]) async throws {
        let list = try await world(jobs: 3).list { $0.orderBy = order }
        #expect(ids(list.jobs) == expected)
        #expect(list.nextPageToken.isEmpty)
    }

    @Test("Pages follow each other without gap or overlap", arguments: [1, 2, 3, 7, 60])
    func pages(_ size: Int32) async throws {
        let world = try await world(jobs: 60)
        var (found, token, pages) = ([String](), "", 0)
        repeat {
            let page = try await world.list {
                $0.pageSize = size
                $0.pageToken = token
                $0.orderBy = "name"
            }
            #expect(page.jobs.count <= Int(size))
            found += ids(page.jobs)
            token = page.nextPageToken
            pages += 1
        } while !token.isEmpty && pages < 100
        #expect(found == (0..<60).map { ($0 < 10 ? "0" : "") + String($0) })
        #expect(pages <= 61)
    }

    @Test("A hyphen stands for all locations, and a location for itself")
    func locations() async throws {
        let world = World()
        try await world.create(id: "a")
        try await world.create(id: "b", parent: "projects/demo/locations/europe-west1")
        #expect(try await world.list { $0.parent = "projects/demo/locations/-" }.jobs.count == 2)
        #expect(try await world.list { $0.parent = "projects/demo/locations/europe-west1" }.jobs.count == 1)
        #expect(try await world.list { $0.parent = "projects/123456789012/locations/us-west1" }.jobs.isEmpty)
        let error = await #expect(throws: ServiceError.self) {
            try await world.list { $0.parent = "projects/demo/locations/nowhere" }
        }
        #expect(error?.code == .notFound)
    }

    @Test("A filter is applied across pages")
    func filtered() async throws {
        let world = try await world(jobs: 12)
        for id in ["job-03", "job-07", "job-11"] { await world.jobs.change(id) { $0.state = .failed } }
        let first = try await world.list {
            $0.filter = "status.state=FAILED"
            $0.pageSize = 2
        }
        #expect(ids(first.jobs) == ["11", "07"])
        let second = try await world.list {
            $0.filter = "status.state=FAILED"
            $0.pageToken = first.nextPageToken
        }
        #expect(ids(second.jobs) == ["03"])
        #expect(second.nextPageToken.isEmpty)
    }

    @Test("One request reads a bounded number of jobs, however few are found")
    func bounded() async throws {
        let world = World()
        let made = try await world.create(id: "first")
        let first = try #require(try await world.jobs.job(uid: made.uid))
        for number in 0..<2100 {
            var record = first
            record.uid = "uid-\(number)"
            record.name.id = "copy-\(number)"
            await world.jobs.put(record)
        }
        let page = try await world.list { $0.filter = "status.state=FAILED" }
        #expect(page.jobs.isEmpty)
        #expect(!page.nextPageToken.isEmpty)
        #expect(await world.jobs.reads <= 2050)
        let rest = try await world.list {
            $0.filter = "status.state=FAILED"
            $0.pageToken = page.nextPageToken
        }
        #expect(rest.nextPageToken.isEmpty)
    }

    @Test(
        "A token is refused with other parameters, and when it is none",
        arguments: [
            "filter", "order", "parent", "torn", "nonsense",
        ])
    func tokens(_ change: String) async throws {
        let world = try await world(jobs: 3)
        let token = try await world.list { $0.pageSize = 1 }.nextPageToken
        #expect(!token.isEmpty)
        let error = await #expect(throws: ServiceError.self) {
            try await world.list {
                $0.pageToken = token
                switch change {
                case "filter": $0.filter = "state=QUEUED"
                case "order": $0.orderBy = "name"
                case "parent": $0.parent = "projects/demo/locations/-"
                case "torn": $0.pageToken = String(token.dropLast(3))
                default: $0.pageToken = "nonsense"
                }
            }
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.fields == ["page_token"])
    }

    @Test("A token holds when the page size changes, or when the project is named the other way")
    func sameToken() async throws {
        let world = try await world(jobs: 3)
        let token = try await world.list { $0.pageSize = 1 }.nextPageToken
        let rest = try await world.list {
            $0.pageToken = token
            $0.pageSize = 5
            $0.parent = "projects/123456789012/locations/us-central1"
        }
        #expect(ids(rest.jobs) == ["01", "00"])
    }

    @Test("Wrong parameters are named", arguments: [("page_size", -1, ""), ("order_by", 0, "uid")])
    func wrongParameters(_ field: String, _ size: Int32, _ order: String) async throws {
        let error = await #expect(throws: ServiceError.self) {
            try await World().list {
                $0.pageSize = size
                $0.orderBy = order
            }
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.fields == [field])
    }

    @Test("A page ends before it gets too big to send")
    func bytes() async throws {
        let world = World()
        let text = String(repeating: "x", count: 900_000)
        for number in 0..<8 {
            try await world.create(
                "{\"taskGroups\":[{\"taskSpec\":{\"runnables\":[{\"script\":{\"text\":\"\(text)\"}}]}}]}",
                id: "big-\(number)")
        }
        let page = try await world.list()
        #expect(page.jobs.count == 4)
        let rest = try await world.list { $0.pageToken = page.nextPageToken }
        #expect(rest.jobs.count == 4)
        #expect(rest.nextPageToken.isEmpty)
    }
}
