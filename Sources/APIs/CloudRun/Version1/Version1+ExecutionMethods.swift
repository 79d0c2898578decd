import Access
import Methods
import Requests
import Schema
import Store
import Workload

extension Version1 {
    /// Reads, cancels and deletes executions. Their names do not say their job, whose policy counts for them.
    struct ExecutionMethods: Sendable {
        private static let namespace = "namespaces/*"
        private static let execution = "namespaces/*/executions/*"
        private static let base = "/apis/run.googleapis.com/v1"
        private static let mostListed = 1000

        let context: CloudRunContext

        var rows: [any Method] {
            [
                UnaryMethod(
                    "google.cloud.run.v1.Executions.ListExecutions",
                    .get("\(Self.base)/{parent=\(Self.namespace)}/executions"), access: .inNamespace, handler: list),
                UnaryMethod(
                    "google.cloud.run.v1.Executions.GetExecution", .get("\(Self.base)/{name=\(Self.execution)}"),
                    access: .inNamespace, handler: get),
                UnaryMethod(
                    "google.cloud.run.v1.Executions.DeleteExecution", .delete("\(Self.base)/{name=\(Self.execution)}"),
                    access: .inNamespace, handler: delete),
                UnaryMethod(
                    "google.cloud.run.v1.Executions.CancelExecution",
                    .post("\(Self.base)/{name=\(Self.execution)}:cancel", body: "*"), access: .inNamespace,
                    handler: cancel),
            ]
        }

        @Sendable func list(_ request: Google_Cloud_Run_V1_ListExecutionsRequest, _ call: Call) async throws
            -> Google_Cloud_Run_V1_ListExecutionsResponse
        {
            let selector = try LabelSelector(request.labelSelector)
            let parent = try Namespace(request.parent, like: Self.namespace, "parent", call)
            let name = try Namespace("\(request.parent)/executions", like: "namespaces/*/executions", "parent", call)
            try await name.admit("run.executions.list", at: Self.parent(selector), call)
            try request.checkParameters()
            let place = try parent.place(context)
            let scope = ["run.v1.executions.list", place.name, request.labelSelector]
            let cursor = try PageToken.read(request.continue, as: JobCursor.self, scope: scope)
            var selection = JobSelection(api: .run, project: place.project, location: place.region)
            if let job = selector.value(of: ReservedKeys.job) {
                selection.owner = try await context.jobs.runJob(
                    project: place.project, location: place.region, id: job)?.uid
            }
            let page = try await ExecutionListing(context: context, selection: selection).page(
                of: request.size(atMost: Self.mostListed), after: cursor
            ) { selector.selects(Version1.labels(of: $0)) }
            return try .with {
                $0.apiVersion = apiVersion
                $0.kind = "ExecutionsList"
                $0.items = page.items.map { Version1.message($0, in: place) }
                $0.metadata = V1.ListMeta()
                if let next = page.next { $0.metadata.continue = try PageToken.make(after: next, scope: scope) }
            }
        }

        /// A list of one job's executions takes the permission on that job alone.
        private static func parent(_ selector: LabelSelector) -> String {
            selector.value(of: ReservedKeys.job).map { "/jobs/\($0)" } ?? ""
        }

        @Sendable func get(_ request: Google_Cloud_Run_V1_GetExecutionRequest, _ call: Call) async throws
            -> V1.Execution
        {
            let (place, execution) = try await existing(request.name, "run.executions.get", call)
            return Version1.message(execution, in: place)
        }

        @Sendable func delete(_ request: Google_Cloud_Run_V1_DeleteExecutionRequest, _ call: Call) async throws
            -> V1.Status
        {
            let (place, execution) = try await existing(request.name, "run.executions.delete", call)
            try await context.delete(execution, in: place)
            return .success
        }

        @Sendable func cancel(_ request: Google_Cloud_Run_V1_CancelExecutionRequest, _ call: Call) async throws
            -> V1.Execution
        {
            let (place, execution) = try await existing(request.name, "run.executions.cancel", call)
            try await context.cancel(execution, in: place)
            return Version1.message(try await context.execution(execution.id, in: place), in: place)
        }

        private func existing(_ name: String, _ permission: Permission, _ call: Call) async throws
            -> (Place, ExecutionState)
        {
            let namespace = try Namespace(name, like: Self.execution, "name", call)
            let path = await context.path(ofExecution: namespace.id, in: namespace)
            try await namespace.admit(permission, at: path ?? namespace.rest, call)
            let place = try namespace.place(context)
            return (place, try await context.execution(namespace.id, in: place))
        }
    }
}

extension CloudRunContext {
    /// The path of an execution below its region, with its job; nil when there is none.
    func path(ofExecution id: String, in namespace: Version1.Namespace) async -> String? {
        guard let place = try? namespace.place(self), let execution = try? await execution(id, in: place) else {
            return nil
        }
        return "/jobs/\(execution.job)/executions/\(id)"
    }
}
