import FoundationEssentials
import Methods
import Requests
import Schema
import Store
import Workload

/// Creates, reads, ends and forgets jobs.
struct JobMethods: Sendable {
    let context: BatchContext

    var rows: [any Method] {
        [
            UnaryMethod(
                "google.cloud.batch.v1.BatchService.CreateJob",
                .post("/v1/{parent=projects/*/locations/*}/jobs", body: "job"),
                access: .inLocation("batch.jobs.create", "parent") { $0.parent }, handler: create),
            UnaryMethod(
                "google.cloud.batch.v1.BatchService.GetJob", .get("/v1/{name=projects/*/locations/*/jobs/*}"),
                access: .inLocation("batch.jobs.get", "name") { $0.name }, handler: get),
            UnaryMethod(
                "google.cloud.batch.v1.BatchService.DeleteJob", .delete("/v1/{name=projects/*/locations/*/jobs/*}"),
                access: .inLocation("batch.jobs.delete", "name") { $0.name }, handler: delete),
            // There is no batch.jobs.cancel: who may delete a job may cancel it.
            UnaryMethod(
                "google.cloud.batch.v1.BatchService.CancelJob",
                .post("/v1/{name=projects/*/locations/*/jobs/*}:cancel", body: "*"),
                access: .inLocation("batch.jobs.delete", "name") { $0.name }, handler: cancel),
            UnaryMethod(
                "google.cloud.batch.v1.BatchService.ListJobs", .get("/v1/{parent=projects/*/locations/*}/jobs"),
                access: .inLocation("batch.jobs.list", "parent") { $0.parent }, handler: list),
        ]
    }

    @Sendable func create(_ request: Google_Cloud_Batch_V1_CreateJobRequest, _ call: Call) async throws -> Wire.Job {
        let path = try ResourcePath(request.parent, like: "projects/*/locations/*", field: "parent").values
        let place = try await context.place(project: path[0], location: path[1])
        let job = try await JobCreation(context: context, place: place, call: call).create(request)
        return JobRendering(projectNumber: place.project.number, now: context.now()).message(job)
    }

    @Sendable func get(_ request: Google_Cloud_Batch_V1_GetJobRequest, _ call: Call) async throws -> Wire.Job {
        let (place, name) = try await resolve(request.name)
        guard let record = try await context.jobs.job(named: name) else { throw ServiceError.noJob(name) }
        let rendering = JobRendering(projectNumber: place.project.number, now: context.now())
        return try context.messages.message(record, rendering)
    }

    @Sendable func delete(_ request: Google_Cloud_Batch_V1_DeleteJobRequest, _ call: Call) async throws
        -> Wire.Operation
    {
        try await end(request.name, request.requestID, call, with: context.engine.delete)
    }

    @Sendable func cancel(_ request: Google_Cloud_Batch_V1_CancelJobRequest, _ call: Call) async throws
        -> Wire.Operation
    {
        try await end(request.name, request.requestID, call, with: context.engine.cancel)
    }

    @Sendable func list(_ request: Google_Cloud_Batch_V1_ListJobsRequest, _ call: Call) async throws
        -> Google_Cloud_Batch_V1_ListJobsResponse
    {
        let path = try ResourcePath(request.parent, like: "projects/*/locations/*", field: "parent").values
        let project = try await context.project(path[0])
        let location = path[1] == "-" ? nil : try Region.named(path[1]).name
        let rendering = JobRendering(projectNumber: project.number, now: context.now())
        let page = try await JobList(jobs: context.jobs, project: project.id, location: location).page(request)
        return .with {
            $0.jobs = page.items.map(rendering.message)
            $0.nextPageToken = page.nextToken
        }
    }

    private typealias Ending = @Sendable (JobName, String?) async throws -> OperationRecord

    private func end(_ name: String, _ requestID: String, _ call: Call, with end: Ending) async throws
        -> Wire.Operation
    {
        let (place, job) = try await resolve(name)
        var violations = Violations()
        RequestID.check(requestID, &violations)
        try violations.check()
        let scoped = RequestID.scoped(requestID, place: place.name, account: try call.principal().member)
        do {
            return try OperationRendering.message(try await end(job, scoped))
        } catch {
            throw ServiceError.from(error, about: job)
        }
    }

    private func resolve(_ name: String) async throws -> (Place, JobName) {
        let path = try ResourcePath(name, like: "projects/*/locations/*/jobs/*", field: "name").values
        let place = try await context.place(project: path[0], location: path[1])
        return (place, JobName(project: place.project.id, location: place.region.name, id: path[2]))
    }
}
