import Access
import Methods
import Requests
import Schema
import Store
import Workload

extension Version2 {
    /// Creates, reads, changes, runs and deletes jobs.
    struct JobMethods: Sendable {
        private static let place = "projects/*/locations/*"
        private static let job = "projects/*/locations/*/jobs/*"

        let context: CloudRunContext

        var rows: [any Method] {
            [
                UnaryMethod(
                    "google.cloud.run.v2.Jobs.CreateJob", .post("/v2/{parent=\(Self.place)}/jobs", body: "job"),
                    access: .onRun("run.jobs.create", Self.job, "parent") {
                        "\($0.parent)/jobs/\($0.jobID.isEmpty ? "-" : $0.jobID)"
                    }, handler: create),
                UnaryMethod(
                    "google.cloud.run.v2.Jobs.GetJob", .get("/v2/{name=\(Self.job)}"),
                    access: .onRun("run.jobs.get", Self.job) { $0.name }, handler: get),
                UnaryMethod(
                    "google.cloud.run.v2.Jobs.ListJobs", .get("/v2/{parent=\(Self.place)}/jobs"),
                    access: .onRun("run.jobs.list", Self.place, "parent") { $0.parent }, handler: list),
                UnaryMethod(
                    "google.cloud.run.v2.Jobs.UpdateJob", .patch("/v2/{job.name=\(Self.job)}", body: "job"),
                    access: .onRun("run.jobs.update", Self.job, "job.name") { $0.job.name }, handler: update),
                UnaryMethod(
                    "google.cloud.run.v2.Jobs.DeleteJob", .delete("/v2/{name=\(Self.job)}"),
                    access: .onRun("run.jobs.delete", Self.job) { $0.name }, handler: delete),
                UnaryMethod(
                    "google.cloud.run.v2.Jobs.RunJob", .post("/v2/{name=\(Self.job)}:run", body: "*"),
                    access: .onRun("run.jobs.run", Self.job) { $0.name }, handler: run),
            ]
        }

        @Sendable func create(_ request: Google_Cloud_Run_V2_CreateJobRequest, _ call: Call) async throws
            -> V2.Operation
        {
            let path = try ResourcePath(request.parent, like: Self.place, field: "parent").values
            let place = try context.place(project: path[0], location: path[1])
            let writing = JobWriting(context: context, place: place, call: call, fields: .version2)
            let outcome = try await writing.create(request.job, id: request.jobID, validateOnly: request.validateOnly)
            return try await context.message(outcome.operation, in: place)
        }

        @Sendable func get(_ request: Google_Cloud_Run_V2_GetJobRequest, _ call: Call) async throws -> V2.Job {
            let (place, job) = try await existing(request.name)
            return Version2.message(job, in: place)
        }

        @Sendable func list(_ request: Google_Cloud_Run_V2_ListJobsRequest, _ call: Call) async throws
            -> Google_Cloud_Run_V2_ListJobsResponse
        {
            let path = try ResourcePath(request.parent, like: Self.place, field: "parent").values
            let project = try context.project(path[0])
            let location = path[1] == "-" ? nil : try Region.named(path[1]).name
            let paging = try Paging(
                size: request.pageSize, token: request.pageToken,
                boundTo: ["run.jobs.list", project.id, location ?? "-", "\(request.showDeleted)"],
                cursor: RunJobCursor.self)
            let listing = JobListing(
                context: context, project: project, location: location, deleted: request.showDeleted)
            let page = try await listing.page(of: paging.size, after: paging.cursor)
            return try .with {
                $0.jobs = page.items.map { Version2.message($0.job, in: $0.place) }
                if let next = page.next { $0.nextPageToken = try paging.token(after: next) }
            }
        }

        /// Replaces the whole job: there is no update mask.
        @Sendable func update(_ request: Google_Cloud_Run_V2_UpdateJobRequest, _ call: Call) async throws
            -> V2.Operation
        {
            let path = try ResourcePath(request.job.name, like: Self.job, field: "job.name").values
            let place = try context.place(project: path[0], location: path[1])
            let writing = JobWriting(context: context, place: place, call: call, fields: .version2)
            let found = try await context.jobs.runJob(project: place.project, location: place.region, id: path[2])
            guard let found else {
                guard request.allowMissing else { throw Refusals.missing(.job, path[2], in: place) }
                try await call.require(
                    "run.jobs.create", on: .job(path[2], location: place.region, project: place.project),
                    orThrow: Refusals.permissionDenied)
                let outcome = try await writing.create(request.job, id: path[2], validateOnly: request.validateOnly)
                return try await context.message(outcome.operation, in: place)
            }
            let etag = request.job.etag
            let outcome = try await writing.replace(
                try await context.stored(found), by: request.job, validateOnly: request.validateOnly
            ) { !etag.isEmpty && etag != $0.etag }
            return try await context.message(outcome.operation, in: place)
        }

        @Sendable func delete(_ request: Google_Cloud_Run_V2_DeleteJobRequest, _ call: Call) async throws
            -> V2.Operation
        {
            let (place, job) = try await existing(request.name)
            let id = context.makeUUID().uuidString.lowercased()
            if request.validateOnly {
                return try await context.message(
                    try context.operation(id, on: Version2.message(job, in: place), in: place), in: place)
            }
            let deleted = try await JobDeletion(context: context, place: place).delete(job, force: true)
            let operation = try context.operation(id, on: Version2.message(deleted, in: place), in: place)
            try await context.jobs.insertRunOperation(operation)
            return try await context.message(operation, in: place)
        }

        @Sendable func run(_ request: Google_Cloud_Run_V2_RunJobRequest, _ call: Call) async throws -> V2.Operation {
            if !request.overrides.isEmpty {
                try await call.admit(
                    "run.jobs.runWithOverrides", on: try CloudRunAPI.resource(request.name, Self.job, "name"),
                    service: nil, orThrow: Refusals.permissionDenied)
            }
            let (place, job) = try await existing(request.name)
            let creation = ExecutionCreation(context: context, place: place, call: call, fields: .version2)
            let execution = try await creation.start(
                job, overrides: request.hasOverrides ? request.overrides : nil, validateOnly: request.validateOnly)
            return try await context.operation(
                on: execution, in: place, goal: .executionEnded, isKept: !request.validateOnly)
        }

        private func existing(_ name: String) async throws -> (Place, StoredJob) {
            let path = try ResourcePath(name, like: Self.job, field: "name").values
            let place = try context.place(project: path[0], location: path[1])
            return (place, try await context.job(path[2], in: place))
        }
    }
}
