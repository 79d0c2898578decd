import Dispatcher
import Foundation
import Methods
import Schema
import SwiftProtobuf
import Testing
import Workload

@testable import Batch

@Suite("Ending jobs")
struct OperationTests {
    private static let job = "projects/demo/locations/us-central1/jobs/hello"

    private func cancel(_ world: World, _ name: String = job, requestID: String = "") async throws -> Wire.Operation {
        try await world.call(
            "google.cloud.batch.v1.BatchService.CancelJob",
            Google_Cloud_Batch_V1_CancelJobRequest.with {
                $0.name = name
                $0.requestID = requestID
            }, as: Wire.Operation.self)
    }

    private func delete(_ world: World, _ name: String = job) async throws -> Wire.Operation {
        try await world.call(
            "google.cloud.batch.v1.BatchService.DeleteJob",
            Google_Cloud_Batch_V1_DeleteJobRequest.with { $0.name = name }, as: Wire.Operation.self)
    }

    private func get(_ world: World, _ name: String) async throws -> Wire.Operation {
        try await world.call(
            "google.longrunning.Operations.GetOperation",
            Google_Longrunning_GetOperationRequest.with { $0.name = name }, as: Wire.Operation.self)
    }

    private func list(_ world: World, filter: String = "", token: String = "", size: Int32 = 0) async throws
        -> Google_Longrunning_ListOperationsResponse
    {
        try await world.call(
            "google.longrunning.Operations.ListOperations",
            Google_Longrunning_ListOperationsRequest.with {
                $0.name = World.parent
                $0.filter = filter
                $0.pageToken = token
                $0.pageSize = size
            }, as: Google_Longrunning_ListOperationsResponse.self)
    }

    @Test("A cancellation is an operation, with a response once it is done")
    func cancelling() async throws {
        let world = World()
        try await world.create()
        let started = try await cancel(world)
        #expect(started.name == "projects/demo/locations/us-central1/operations/operation-0")
        #expect(!started.done)
        #expect(started.result == nil)
        let metadata = try Google_Cloud_Batch_V1_OperationMetadata(unpackingAny: started.metadata)
        #expect(metadata.target == Self.job)
        #expect(metadata.verb == "cancel")
        #expect(metadata.apiVersion == "v1")
        #expect(metadata.hasCreateTime)
        #expect(!metadata.hasEndTime)

        await world.jobs.finishOperations(at: World.start)
        let done = try await get(
            world, started.name.replacingOccurrences(of: "/demo/", with: "/\(FakeDirectory.demo.number)/"))
        #expect(done.name == started.name)
        #expect(done.done)
        #expect(done.response.isA(Google_Cloud_Batch_V1_CancelJobResponse.self))
        #expect(try Google_Cloud_Batch_V1_OperationMetadata(unpackingAny: done.metadata).hasEndTime)
    }

    @Test("A deletion's response is empty")
    func deleting() async throws {
        let world = World()
        try await world.create()
        let started = try await delete(world)
        await world.jobs.finishOperations(at: World.start)
        let done = try await get(world, started.name)
        #expect(done.response.isA(Google_Protobuf_Empty.self))
        #expect(try Google_Cloud_Batch_V1_OperationMetadata(unpackingAny: done.metadata).verb == "delete")
    }

    @Test("What does not exist is not found")
    func missing() async throws {
        let cancelling = await #expect(throws: ServiceError.self) { try await cancel(World()) }
        #expect(cancelling?.code == .notFound)
        #expect(cancelling?.message == "job \"\(Self.job)\" not found")
        let deleting = await #expect(throws: ServiceError.self) { try await delete(World()) }
        #expect(deleting?.code == .notFound)
        let reading = await #expect(throws: ServiceError.self) {
            try await get(World(), "\(World.parent)/operations/operation-0")
        }
        #expect(reading?.code == .notFound)
    }

    @Test("A job that is over cannot be cancelled")
    func ended() async throws {
        let world = World()
        try await world.create()
        await world.jobs.fail(with: EngineError.alreadyEnded(.succeeded))
        let error = await #expect(throws: ServiceError.self) { try await cancel(world) }
        #expect(error?.code == .failedPrecondition)
        #expect(error?.message == "Job \(Self.job) cannot be cancelled: its state is SUCCEEDED.")
    }

    @Test("Request ids are checked, and bound to place and caller")
    func requestIDs() async throws {
        let world = World()
        try await world.create()
        let error = await #expect(throws: ServiceError.self) { try await cancel(world, requestID: "once") }
        #expect(error?.fields == ["request_id"])
        _ = try await cancel(world, requestID: "7C9E6679-7425-40DE-944B-E07FC1F90AE7")
        #expect(
            await world.jobs.requests == [
                "projects/demo/locations/us-central1/user:alice@example.com/7c9e6679-7425-40de-944b-e07fc1f90ae7"
            ])
    }

    @Test("Operations are listed newest first, by page and by filter")
    func listing() async throws {
        let world = World()
        try await world.create()
        _ = try await cancel(world)
        _ = try await delete(world)
        let first = try await list(world, size: 1)
        #expect(first.operations.map { $0.name.suffix(1) } == ["1"])
        let second = try await list(world, token: first.nextPageToken, size: 1)
        #expect(second.operations.map { $0.name.suffix(1) } == ["0"])
        #expect(second.nextPageToken.isEmpty)
        #expect(try await list(world, filter: "metadata.verb=cancel").operations.count == 1)
        #expect(try await list(world, filter: "done=true").operations.isEmpty)
        #expect(try await list(world, filter: "NOT done=true").operations.count == 2)
    }

    @Test("An operation can be forgotten once it is done, and never be taken back")
    func forgetting() async throws {
        let world = World()
        try await world.create()
        let name = try await cancel(world).name
        let forget = Google_Longrunning_DeleteOperationRequest.with { $0.name = name }
        let cancel = Google_Longrunning_CancelOperationRequest.with { $0.name = name }
        func call(_ method: String, _ request: some Message & Sendable) async throws {
            _ = try await world.call("google.longrunning.Operations.\(method)", request, as: Google_Protobuf_Empty.self)
        }
        let early = await #expect(throws: ServiceError.self) { try await call("DeleteOperation", forget) }
        #expect(early?.code == .failedPrecondition)
        let undone = await #expect(throws: ServiceError.self) { try await call("CancelOperation", cancel) }
        #expect(undone?.code == .failedPrecondition)
        await world.jobs.finishOperations(at: World.start)
        try await call("CancelOperation", cancel)
        try await call("DeleteOperation", forget)
        let gone = await #expect(throws: ServiceError.self) { try await call("DeleteOperation", forget) }
        #expect(gone?.code == .notFound)
    }
}
