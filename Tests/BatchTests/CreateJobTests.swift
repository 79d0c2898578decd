import Dispatcher
import Foundation
import Methods
import Store
import SwiftProtobuf
import Testing
import Workload

@testable import Batch

@Suite("Creating a job")
struct CreateJobTests {
    @Test("The answer has names, times and every default filled in")
    func defaults() async throws {
        let job = try await World().create()
        #expect(job.name == "projects/demo/locations/us-central1/jobs/hello")
        #expect(job.uid.wholeMatch(of: /hello-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil)
        #expect(job.createTime.seconds == 1_767_225_600)
        #expect(job.updateTime == job.createTime)
        #expect(job.status.state == .queued)
        #expect(job.status.hasRunDuration)
        #expect(job.status.runDuration == Google_Protobuf_Duration())
        #expect(job.status.taskGroups["group0"]?.counts == ["PENDING": 3])
        #expect(job.allocationPolicy.labels == ["batch-job-id": "hello"])
        #expect(job.allocationPolicy.serviceAccount.email == "123456789012-compute@developer.gserviceaccount.com")
        #expect(
            job.allocationPolicy.location.allowedLocations == [
                "regions/us-central1", "zones/us-central1-a", "zones/us-central1-b", "zones/us-central1-c",
                "zones/us-central1-f",
            ])
        let group = try #require(job.taskGroups.first)
        #expect(group.name == "\(job.name)/taskGroups/group0")
        #expect(group.taskCount == 3)
        #expect(group.parallelism == 3)
        #expect(group.taskSpec.computeResource.cpuMilli == 2000)
        #expect(group.taskSpec.computeResource.memoryMib == 2000)
    }

    @Test("A project named by number is answered by id")
    func byNumber() async throws {
        let job = try await World().create(parent: "projects/123456789012/locations/us-central1")
        #expect(job.name == "projects/demo/locations/us-central1/jobs/hello")
    }

    @Test("A job without an id gets one")
    func generatedID() async throws {
        let job = try await World().create(id: "")
        let id = try #require(job.name.split(separator: "/").last)
        #expect(JobID.isValid(String(id)))
        #expect(job.uid.utf8.count <= 63)
    }

    @Test("What the submitter wrote into output fields is not kept")
    func outputFields() async throws {
        let json = World.hello.replacingOccurrences(
            of: "{\"taskGroups\"",
            with: "{\"name\":\"x\",\"uid\":\"y\",\"status\":{\"state\":\"FAILED\"},\"taskGroups\"")
        let job = try await World().create(json)
        #expect(job.name.hasSuffix("/jobs/hello"))
        #expect(job.uid.hasPrefix("hello-"))
        #expect(job.status.state == .queued)
    }

    @Test("A taken id is a conflict")
    func duplicate() async throws {
        let world = World()
        try await world.create()
        let error = await #expect(throws: ServiceError.self) { try await world.create() }
        #expect(error?.code == .alreadyExists)
        #expect(error?.message == "Resource 'projects/demo/locations/us-central1/jobs/hello' already exists")
    }

    @Test("A repeated request is answered with the first job, and is nobody else's")
    func repeats() async throws {
        var world = World()
        let id = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
        let first = try await world.create(id: "", requestID: id)
        let second = try await world.create(id: "", requestID: id.uppercased())
        #expect(second.uid == first.uid)
        world.caller = .user("bob@example.com")
        let other = try await world.create(id: "", requestID: id)
        #expect(other.uid != first.uid)
    }

    @Test(
        "What the engine refuses has a clear error",
        arguments: [
            (
                EngineError.tooLarge(memoryMiB: 512) as any Error & Sendable, ServiceError.Code.invalidArgument,
                "512 MiB"
            ),
            (StoreError.noSpace, .resourceExhausted, "disk is full"),
        ])
    func engineErrors(_ failure: any Error & Sendable, _ code: ServiceError.Code, _ fragment: String) async throws {
        let world = World()
        await world.jobs.fail(with: failure)
        let error = await #expect(throws: ServiceError.self) { try await world.create() }
        #expect(error?.code == code)
        #expect(error?.message.contains(fragment) == true)
    }

    @Test(
        "An unknown location or project is not found",
        arguments: [
            ("projects/demo/locations/us-nowhere1", "us-nowhere1"), ("projects/demo/locations/-", "-"),
            ("projects/none/locations/us-central1", "none"),
        ])
    func unknownPlaces(_ parent: String, _ fragment: String) async throws {
        let error = await #expect(throws: ServiceError.self) { try await World().create(parent: parent) }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("'\(fragment)'") == true)
    }

    @Test("A record holds the plan and the submitter")
    func record() async throws {
        let world = World()
        let job = try await world.create()
        let record = try #require(try await world.jobs.job(uid: job.uid))
        #expect(record.plan.taskCount == 3)
        #expect(record.plan.user == .root)
        #expect(record.submitter == "alice@example.com")
        #expect(record.nextIndex == 0)
    }

    @Test("A job can be read back, and one that does not exist is not found")
    func get() async throws {
        let world = World()
        let created = try await world.create()
        #expect(try await world.get(created.name) == created)
        let error = await #expect(throws: ServiceError.self) { try await world.get(created.name + "x") }
        #expect(error?.code == .notFound)
        #expect(error?.message == "job \"\(created.name)x\" not found")
    }
}
