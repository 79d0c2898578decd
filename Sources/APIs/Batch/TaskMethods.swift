import Methods
import Requests
import Schema
import Store
import Workload

/// Reads tasks. Nobody creates or changes them but the engine.
struct TaskMethods: Sendable {
    let context: BatchContext

    var rows: [any Method] {
        [
            UnaryMethod(
                "google.cloud.batch.v1.BatchService.GetTask",
                .get("/v1/{name=projects/*/locations/*/jobs/*/taskGroups/*/tasks/*}"),
                access: .inLocation("batch.tasks.get", "name") { $0.name }, handler: get),
            UnaryMethod(
                "google.cloud.batch.v1.BatchService.ListTasks",
                .get("/v1/{parent=projects/*/locations/*/jobs/*/taskGroups/*}/tasks"),
                access: .inLocation("batch.tasks.list", "parent") { $0.parent }, handler: list),
        ]
    }

    @Sendable func get(_ request: Google_Cloud_Batch_V1_GetTaskRequest, _ call: Call) async throws -> Wire.Task {
        let path = try ResourcePath(
            request.name, like: "projects/*/locations/*/jobs/*/taskGroups/*/tasks/*", field: "name"
        ).values
        let (job, rendering) = try await group(path)
        guard let index = Int(path[4]), String(index) == path[4], (0..<job.plan.taskCount).contains(index) else {
            throw ServiceError.notFound(
                "task \"\(job.name.path)/taskGroups/group0/tasks/\(path[4].excerpt)\" not found")
        }
        let record = index < job.nextIndex ? try await context.jobs.task(index, of: job.uid) : nil
        return rendering.message(index, record)
    }

    @Sendable func list(_ request: Google_Cloud_Batch_V1_ListTasksRequest, _ call: Call) async throws
        -> Google_Cloud_Batch_V1_ListTasksResponse
    {
        let path = try ResourcePath(
            request.parent, like: "projects/*/locations/*/jobs/*/taskGroups/*", field: "parent"
        ).values
        let (job, rendering) = try await group(path)
        let page = try await TaskList(jobs: context.jobs, job: job, rendering: rendering).page(request)
        return .with {
            $0.tasks = page.items
            $0.nextPageToken = page.nextToken
        }
    }

    /// The job whose only task group a path names: project, location, job, group.
    private func group(_ path: [String]) async throws -> (JobRecord, TaskRendering) {
        let place = try await context.place(project: path[0], location: path[1])
        let name = JobName(project: place.project.id, location: place.region.name, id: path[2])
        guard let record = try await context.jobs.job(named: name) else { throw ServiceError.noJob(name) }
        guard path[3] == "group0" else {
            throw ServiceError.notFound("task group \"\(name.path)/taskGroups/\(path[3].excerpt)\" not found")
        }
        return (record, TaskRendering(try StoredJob(record), projectNumber: place.project.number))
    }
}
