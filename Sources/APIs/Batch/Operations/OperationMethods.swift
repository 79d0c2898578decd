import Methods
import Requests
import Schema
import Store
import SwiftProtobuf

/// Reads and forgets operations (google.longrunning.Operations): deletions and cancellations of jobs.
struct OperationMethods: Sendable {
    let context: BatchContext

    var rows: [any Method] {
        [
            UnaryMethod(
                "google.longrunning.Operations.GetOperation", .get("/v1/{name=projects/*/locations/*/operations/*}"),
                access: .inLocation("batch.operations.get", "name") { $0.name }, handler: get),
            UnaryMethod(
                "google.longrunning.Operations.ListOperations", .get("/v1/{name=projects/*/locations/*}/operations"),
                access: .inLocation("batch.operations.list", "name") { $0.name }, handler: list),
            // No role has batch.operations.delete or .cancel: who may delete jobs may do this.
            UnaryMethod(
                "google.longrunning.Operations.DeleteOperation",
                .delete("/v1/{name=projects/*/locations/*/operations/*}"),
                access: .inLocation("batch.jobs.delete", "name") { $0.name }, handler: delete),
            UnaryMethod(
                "google.longrunning.Operations.CancelOperation",
                .post("/v1/{name=projects/*/locations/*/operations/*}:cancel", body: "*"),
                access: .inLocation("batch.jobs.delete", "name") { $0.name }, handler: cancel),
        ]
    }

    @Sendable func get(_ request: Google_Longrunning_GetOperationRequest, _ call: Call) async throws
        -> Wire.Operation
    {
        try OperationRendering.message(try await operation(request.name))
    }

    @Sendable func list(_ request: Google_Longrunning_ListOperationsRequest, _ call: Call) async throws
        -> Google_Longrunning_ListOperationsResponse
    {
        let path = try ResourcePath(request.name, like: "projects/*/locations/*", field: "name").values
        guard path[1] != "-" else {
            throw ServiceError.invalidArgument("Operations are listed for one location at a time.", field: "name")
        }
        let place = try await context.place(project: path[0], location: path[1])
        let page = try await OperationList(jobs: context.jobs, place: place).page(request)
        return try .with {
            $0.operations = try page.items.map(OperationRendering.message)
            $0.nextPageToken = page.nextToken
        }
    }

    /// Forgets an operation that is done.
    @Sendable func delete(_ request: Google_Longrunning_DeleteOperationRequest, _ call: Call) async throws
        -> Google_Protobuf_Empty
    {
        let operation = try await operation(request.name)
        guard operation.endedAt != nil else {
            throw ServiceError.failedPrecondition("Operation \(operation.name) cannot be deleted before it is done.")
        }
        try await context.jobs.deleteOperation(operation.name)
        return Google_Protobuf_Empty()
    }

    /// What has been stopped cannot be taken back; an operation that is done is left as it is.
    @Sendable func cancel(_ request: Google_Longrunning_CancelOperationRequest, _ call: Call) async throws
        -> Google_Protobuf_Empty
    {
        let operation = try await operation(request.name)
        guard operation.endedAt != nil else {
            throw ServiceError.failedPrecondition(
                "Operation \(operation.name) cannot be cancelled: the tasks of \(operation.target.path) are being "
                    + "stopped already.")
        }
        return Google_Protobuf_Empty()
    }

    private func operation(_ name: String) async throws -> OperationRecord {
        let path = try ResourcePath(name, like: "projects/*/locations/*/operations/*", field: "name").values
        let place = try await context.place(project: path[0], location: path[1])
        let canonical = "\(place.name)/operations/\(path[2])"
        guard let operation = try await context.jobs.operation(canonical) else {
            throw ServiceError.notFound("operation \"\(canonical.excerpt)\" not found")
        }
        return operation
    }
}
