import Access
import Methods
import Requests
import Schema
import Store
import Workload

extension Version1 {
    /// Creates, reads, replaces, runs and deletes jobs.
    struct JobMethods: Sendable {
        private static let namespace = "namespaces/*"
        private static let job = "namespaces/*/jobs/*"
        private static let base = "/apis/run.googleapis.com/v1"
        /// Clients do not page: a list has all jobs there can be in some regions.
        private static let mostListed = 10_000
        /// Of definitions in one answer: many times what jobs are like, and little enough to be held in memory.
        private static let mostBytes = 32 << 20

        let context: CloudRunContext

        var rows: [any Method] {
            [
                UnaryMethod(
                    "google.cloud.run.v1.Jobs.CreateJob",
                    .post("\(Self.base)/{parent=\(Self.namespace)}/jobs", body: "job"),
                    access: .inNamespace, handler: create),
                UnaryMethod(
                    "google.cloud.run.v1.Jobs.ListJobs", .get("\(Self.base)/{parent=\(Self.namespace)}/jobs"),
                    access: .inNamespace, handler: list),
                UnaryMethod(
                    "google.cloud.run.v1.Jobs.GetJob", .get("\(Self.base)/{name=\(Self.job)}"),
                    access: .inNamespace, handler: get),
                UnaryMethod(
                    "google.cloud.run.v1.Jobs.ReplaceJob", .put("\(Self.base)/{name=\(Self.job)}", body: "job"),
                    access: .inNamespace, handler: replace),
                UnaryMethod(
                    "google.cloud.run.v1.Jobs.DeleteJob", .delete("\(Self.base)/{name=\(Self.job)}"),
                    access: .inNamespace, handler: delete),
                UnaryMethod(
                    "google.cloud.run.v1.Jobs.RunJob", .post("\(Self.base)/{name=\(Self.job)}:run", body: "*"),
                    access: .inNamespace, handler: run),
            ]
        }

        @Sendable func create(_ request: Google_Cloud_Run_V1_CreateJobRequest, _ call: Call) async throws -> V1.Job {
            let id = request.job.metadata.name
            let parent = try Namespace(request.parent, like: Self.namespace, "parent", call)
            let name = "\(request.parent)/jobs/\(id.isEmpty ? "-" : id)"
            let namespace = try Namespace(name, like: Self.job, "job.metadata.name", call)
            try await namespace.admit("run.jobs.create", at: namespace.rest, call)
            let place = try parent.place(context)
            try check(request.job, in: place, named: parent.project)
            let writing = JobWriting(context: context, place: place, call: call, fields: .version1)
            let outcome = try await writing.create(
                try JobReading.definition(request.job), id: id, validateOnly: try Self.isDry(request.dryRun))
            return Version1.message(outcome.job, in: place)
        }

        @Sendable func list(_ request: Google_Cloud_Run_V1_ListJobsRequest, _ call: Call) async throws
            -> Google_Cloud_Run_V1_ListJobsResponse
        {
            let parent = try Namespace(request.parent, like: Self.namespace, "parent", call)
            let name = try Namespace("\(request.parent)/jobs", like: "namespaces/*/jobs", "parent", call)
            try await name.admit("run.jobs.list", at: "", call)
            try request.checkParameters()
            let project = try context.project(parent.project)
            let selector = try LabelSelector(request.labelSelector)
            let scope = ["run.v1.jobs.list", project.id, parent.region ?? "-", request.labelSelector]
            let cursor = try PageToken.read(request.continue, as: RunJobCursor.self, scope: scope)
            let listing = JobListing(
                context: context, project: project, location: parent.region, maxBytes: Self.mostBytes)
            let page = try await listing.page(of: request.size(atMost: Self.mostListed), after: cursor) {
                selector.selects(Version1.labels(of: $0, in: $1))
            }
            return try .with {
                $0.apiVersion = apiVersion
                $0.kind = "JobsList"
                $0.items = page.items.map { Version1.message($0.job, in: $0.place) }
                $0.metadata = V1.ListMeta()
                if let next = page.next { $0.metadata.continue = try PageToken.make(after: next, scope: scope) }
            }
        }

        @Sendable func get(_ request: Google_Cloud_Run_V1_GetJobRequest, _ call: Call) async throws -> V1.Job {
            let (place, job) = try await existing(request.name, "run.jobs.get", call)
            return Version1.message(job, in: place)
        }

        @Sendable func replace(_ request: Google_Cloud_Run_V1_ReplaceJobRequest, _ call: Call) async throws
            -> V1.Job
        {
            let (place, job) = try await existing(request.name, "run.jobs.update", call)
            let namespace = try Namespace(request.name, like: Self.job, "name", call)
            try check(request.job, in: place, named: namespace.project)
            guard request.job.metadata.name.isEmpty || request.job.metadata.name == job.record.id else {
                throw ServiceError.invalidArgument(
                    "Invalid value for 'job.metadata.name': must be '\(job.record.id)', as in the name of the request.",
                    field: "job.metadata.name")
            }
            let version = request.job.metadata.resourceVersion
            let writing = JobWriting(context: context, place: place, call: call, fields: .version1)
            let outcome = try await writing.replace(
                job, by: try JobReading.definition(request.job), validateOnly: try Self.isDry(request.dryRun)
            ) { !version.isEmpty && version != $0.resourceVersion }
            return Version1.message(outcome.job, in: place)
        }

        /// Deletion is always in the background: the propagation policy is ignored, as the kind and the version are.
        @Sendable func delete(_ request: Google_Cloud_Run_V1_DeleteJobRequest, _ call: Call) async throws
            -> V1.Status
        {
            let (place, job) = try await existing(request.name, "run.jobs.delete", call)
            _ = try await JobDeletion(context: context, place: place).delete(job, force: request.force)
            return .success
        }

        @Sendable func run(_ request: Google_Cloud_Run_V1_RunJobRequest, _ call: Call) async throws -> V1.Execution {
            let namespace = try Namespace(request.name, like: Self.job, "name", call)
            try await namespace.admit("run.jobs.run", at: namespace.rest, call)
            let overrides = try Version1.overrides(request.overrides)
            if !overrides.isEmpty { try await namespace.admit("run.jobs.runWithOverrides", at: namespace.rest, call) }
            let place = try namespace.place(context)
            let creation = ExecutionCreation(context: context, place: place, call: call, fields: .version1)
            let job = try await context.job(namespace.id, in: place)
            return Version1.message(
                try await creation.start(job, overrides: overrides.isEmpty ? nil : overrides), in: place)
        }

        private func existing(_ name: String, _ permission: Permission, _ call: Call) async throws
            -> (Place, StoredJob)
        {
            let namespace = try Namespace(name, like: Self.job, "name", call)
            try await namespace.admit(permission, at: namespace.rest, call)
            let place = try namespace.place(context)
            return (place, try await context.job(namespace.id, in: place))
        }

        /// What a job says of itself must be what the request says.
        private func check(_ job: V1.Job, in place: Place, named project: String) throws {
            let known = ["", place.project, place.projectNumber, project]
            for (field, value, allowed) in [
                ("job.api_version", job.apiVersion, ["", apiVersion]), ("job.kind", job.kind, ["", "Job"]),
                ("job.metadata.namespace", job.metadata.namespace, known),
            ] where !allowed.contains(value) {
                throw ServiceError.invalidArgument(
                    "Invalid value for '\(field)': must be '\(allowed[1])', but is '\(value.excerpt)'.", field: field)
            }
        }

        /// Whether a request is only to be checked (Kubernetes, dry run).
        private static func isDry(_ text: String) throws -> Bool {
            guard ["", "all"].contains(text.lowercased()) else {
                throw ServiceError.invalidArgument("Invalid value for 'dry_run': must be 'all'.", field: "dry_run")
            }
            return !text.isEmpty
        }
    }
}

extension Google_Cloud_Run_V1_Status {
    /// What a deletion that was accepted answers.
    static var success: Self {
        .with {
            $0.kind = "Status"
            $0.status = "Success"
        }
    }
}
