import Methods
import Requests
import Schema
import Store
import Workload

extension Version2 {
    /// Reads tasks. Nobody creates or changes them but the engine.
    struct TaskMethods: Sendable {
        private static let parent = "projects/*/locations/*/jobs/*/executions/*"
        private static let task = "projects/*/locations/*/jobs/*/executions/*/tasks/*"

        let context: CloudRunContext

        var rows: [any Method] {
            [
                UnaryMethod(
                    "google.cloud.run.v2.Tasks.GetTask", .get("/v2/{name=\(Self.task)}"),
                    access: .onRun("run.tasks.get", Self.task) { $0.name }, handler: get),
                UnaryMethod(
                    "google.cloud.run.v2.Tasks.ListTasks", .get("/v2/{parent=\(Self.parent)}/tasks"),
                    access: .onRun("run.tasks.list", Self.parent, "parent") { $0.parent }, handler: list),
            ]
        }

        @Sendable func get(_ request: Google_Cloud_Run_V2_GetTaskRequest, _ call: Call) async throws -> V2.Task {
            let path = try ResourcePath(request.name, like: Self.task, field: "name").values
            let place = try context.place(project: path[0], location: path[1])
            let execution = try await context.execution(path[3], of: path[2], in: place)
            return Version2.message(try await context.task(path[4], of: execution, in: place), in: place)
        }

        @Sendable func list(_ request: Google_Cloud_Run_V2_ListTasksRequest, _ call: Call) async throws
            -> Google_Cloud_Run_V2_ListTasksResponse
        {
            let path = try ResourcePath(request.parent, like: Self.parent, field: "parent").values
            let place = try context.place(project: path[0], location: path[1])
            let paging = try Paging(
                size: request.pageSize, token: request.pageToken,
                boundTo: ["run.tasks.list", place.name, path[2], path[3]], cursor: TaskListing.Cursor.self)
            let listing = TaskListing(context: context, source: try await source(job: path[2], path[3], in: place))
            let page = try await listing.page(of: paging.size, after: paging.cursor)
            return try .with {
                $0.tasks = page.items.map { Version2.message($0, in: place) }
                if let next = page.next { $0.nextPageToken = try paging.token(after: next) }
            }
        }

        private func source(job: String, _ execution: String, in place: Place) async throws -> TaskListing.Source {
            guard execution == "-" else { return .one(try await context.execution(execution, of: job, in: place)) }
            var selection = JobSelection(api: .run, project: place.project, location: place.region)
            if job != "-" { selection.owner = try await context.job(job, in: place).record.uid }
            return .many(selection)
        }
    }
}
