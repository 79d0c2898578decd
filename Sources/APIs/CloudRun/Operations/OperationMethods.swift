import FoundationEssentials
import Methods
import Requests
import Schema
import Store
import SwiftProtobuf

/// Reads, awaits and forgets operations (google.longrunning.Operations).
struct OperationMethods: Sendable {
    /// How long a call waits at most.
    private static let longestWait: TimeInterval = 30
    private static let pause = Duration.milliseconds(100)

    let context: CloudRunContext

    var rows: [any Method] {
        [
            UnaryMethod(
                "google.longrunning.Operations.GetOperation", .get("/v2/{name=projects/*/locations/*/operations/*}"),
                .get("/v1/{name=projects/*/locations/*/operations/*}"),
                access: .onRun("run.operations.get", "projects/*/locations/*/operations/*") { $0.name }, handler: get),
            UnaryMethod(
                "google.longrunning.Operations.ListOperations", .get("/v2/{name=projects/*/locations/*}/operations"),
                .get("/v1/{name=projects/*/locations/*}/operations"),
                access: .onRun("run.operations.list", "projects/*/locations/*") { $0.name }, handler: list),
            UnaryMethod(
                "google.longrunning.Operations.DeleteOperation",
                .delete("/v2/{name=projects/*/locations/*/operations/*}"),
                .delete("/v1/{name=projects/*/locations/*/operations/*}"),
                access: .onRun("run.operations.delete", "projects/*/locations/*/operations/*") { $0.name },
                handler: delete),
            UnaryMethod(
                "google.longrunning.Operations.WaitOperation",
                .post("/v2/{name=projects/*/locations/*/operations/*}:wait", body: "*"),
                .post("/v1/{name=projects/*/locations/*/operations/*}:wait", body: "*"),
                access: .onRun("run.operations.get", "projects/*/locations/*/operations/*") { $0.name }, handler: wait),
        ]
    }

    @Sendable func get(_ request: Google_Longrunning_GetOperationRequest, _ call: Call) async throws -> V2.Operation {
        let (record, place) = try await operation(request.name)
        return try await context.message(record, in: place)
    }

    @Sendable func list(_ request: Google_Longrunning_ListOperationsRequest, _ call: Call) async throws
        -> Google_Longrunning_ListOperationsResponse
    {
        let path = try ResourcePath(request.name, like: "projects/*/locations/*", field: "name").values
        let place = try context.place(project: path[0], location: path[1])
        let page = try await OperationList(context: context, place: place).page(request)
        var response = Google_Longrunning_ListOperationsResponse()
        response.nextPageToken = page.nextToken
        for record in page.items { response.operations.append(try await context.message(record, in: place)) }
        return response
    }

    @Sendable func delete(_ request: Google_Longrunning_DeleteOperationRequest, _ call: Call) async throws
        -> Google_Protobuf_Empty
    {
        let (record, place) = try await operation(request.name)
        guard try await context.message(record, in: place).done else {
            throw ServiceError.failedPrecondition("Operation \(record.name) cannot be deleted before it is done.")
        }
        try await context.jobs.deleteRunOperation(record.name)
        return Google_Protobuf_Empty()
    }

    /// Answers when the operation is done, and after the time that the request allows in any case.
    @Sendable func wait(_ request: Google_Longrunning_WaitOperationRequest, _ call: Call) async throws
        -> V2.Operation
    {
        let (record, place) = try await operation(request.name)
        let asked = request.hasTimeout ? max(0, request.timeout.timeInterval) : Self.longestWait
        let end = ContinuousClock.now + .seconds(min(asked, Self.longestWait))
        while true {
            let message = try await context.message(record, in: place)
            guard !message.done, ContinuousClock.now < end else { return message }
            try await Task.sleep(for: Self.pause)
        }
    }

    private func operation(_ name: String) async throws -> (RunOperationRecord, Place) {
        let path = try ResourcePath(name, like: "projects/*/locations/*/operations/*", field: "name").values
        let place = try context.place(project: path[0], location: path[1])
        guard let record = try await context.jobs.runOperation("\(place.name)/operations/\(path[2])") else {
            throw ServiceError.notFound("Operation '\(path[2].excerpt)' does not exist in '\(place.name)'.")
        }
        return (record, place)
    }
}
