import Dispatcher
import Methods
import Requests
import Schema
import Store
import Workload

extension Version2 {
    /// Reads, cancels and deletes executions.
    struct ExecutionMethods: Sendable {
        private static let parent = "projects/*/locations/*/jobs/*"
        private static let execution = "projects/*/locations/*/jobs/*/executions/*"

        let context: CloudRunContext

        var rows: [any Method] {
            [
                UnaryMethod(
                    "google.cloud.run.v2.Executions.GetExecution", .get("/v2/{name=\(Self.execution)}"),
                    access: .onRun("run.executions.get", Self.execution) { $0.name }, handler: get),
                UnaryMethod(
                    "google.cloud.run.v2.Executions.ListExecutions", .get("/v2/{parent=\(Self.parent)}/executions"),
                    access: .onRun("run.executions.list", Self.parent, "parent") { $0.parent }, handler: list),
                UnaryMethod(
                    "google.cloud.run.v2.Executions.DeleteExecution", .delete("/v2/{name=\(Self.execution)}"),
                    access: .onRun("run.executions.delete", Self.execution) { $0.name }, handler: delete),
                UnaryMethod(
                    "google.cloud.run.v2.Executions.CancelExecution",
                    .post("/v2/{name=\(Self.execution)}:cancel", body: "*"),
                    access: .onRun("run.executions.cancel", Self.execution) { $0.name }, handler: cancel),
            ]
        }

        @Sendable func get(_ request: Google_Cloud_Run_V2_GetExecutionRequest, _ call: Call) async throws
            -> V2.Execution
        {
            let (place, execution) = try await existing(request.name)
            return Version2.message(execution, in: place)
        }

        @Sendable func list(_ request: Google_Cloud_Run_V2_ListExecutionsRequest, _ call: Call) async throws
            -> Google_Cloud_Run_V2_ListExecutionsResponse
        {
            let path = try ResourcePath(request.parent, like: Self.parent, field: "parent").values
            let place = try context.place(project: path[0], location: path[1])
            var selection = JobSelection(api: .run, project: place.project, location: place.region)
            if path[2] != "-" { selection.owner = try await context.job(path[2], in: place).record.uid }
            let paging = try Paging(
                size: request.pageSize, token: request.pageToken,
                boundTo: ["run.executions.list", place.name, selection.owner ?? "-"], cursor: JobCursor.self)
            let page = try await ExecutionListing(context: context, selection: selection)
                .page(of: paging.size, after: paging.cursor)
            return try .with {
                $0.executions = page.items.map { Version2.message($0, in: place) }
                if let next = page.next { $0.nextPageToken = try paging.token(after: next) }
            }
        }

        @Sendable func delete(_ request: Google_Cloud_Run_V2_DeleteExecutionRequest, _ call: Call) async throws
            -> V2.Operation
        {
            let (place, execution) = try await existing(request.name)
            var message = Version2.message(execution, in: place)
            if !request.validateOnly {
                message.deleteTime = Timestamps.message(try await context.delete(execution, in: place))
            }
            return try await context.operation(
                on: execution, lastSeen: message, in: place, goal: .executionGone, isKept: !request.validateOnly)
        }

        @Sendable func cancel(_ request: Google_Cloud_Run_V2_CancelExecutionRequest, _ call: Call) async throws
            -> V2.Operation
        {
            let (place, execution) = try await existing(request.name)
            if !request.validateOnly { try await context.cancel(execution, in: place) }
            let present = try await context.execution(execution.id, in: place)
            return try await context.operation(
                on: present, in: place, goal: .executionStopped, isKept: !request.validateOnly)
        }

        private func existing(_ name: String) async throws -> (Place, ExecutionState) {
            let path = try ResourcePath(name, like: Self.execution, field: "name").values
            let place = try context.place(project: path[0], location: path[1])
            return (place, try await context.execution(path[3], of: path[2], in: place))
        }
    }
}
