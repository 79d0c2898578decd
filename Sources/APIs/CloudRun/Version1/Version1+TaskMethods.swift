import Access
import Methods
import Requests
import Schema
import Store
import Workload

extension Version1 {
    /// Reads tasks. Nobody creates or changes them but the engine.
    struct TaskMethods: Sendable {
        private static let namespace = "namespaces/*"
        private static let task = "namespaces/*/tasks/*"
        private static let base = "/apis/run.googleapis.com/v1"
        private static let mostListed = 1000

        let context: CloudRunContext

        var rows: [any Method] {
            [
                UnaryMethod(
                    "google.cloud.run.v1.Tasks.ListTasks", .get("\(Self.base)/{parent=\(Self.namespace)}/tasks"),
                    access: .inNamespace, handler: list),
                UnaryMethod(
                    "google.cloud.run.v1.Tasks.GetTask", .get("\(Self.base)/{name=\(Self.task)}"),
                    access: .inNamespace, handler: get),
            ]
        }

        @Sendable func list(_ request: Google_Cloud_Run_V1_ListTasksRequest, _ call: Call) async throws
            -> Google_Cloud_Run_V1_ListTasksResponse
        {
            let selector = try LabelSelector(request.labelSelector)
            let parent = try Namespace(request.parent, like: Self.namespace, "parent", call)
            let name = try Namespace("\(request.parent)/tasks", like: "namespaces/*/tasks", "parent", call)
            let execution = selector.value(of: ReservedKeys.execution)
            var path: String?
            if let execution { path = await context.path(ofExecution: execution, in: parent) }
            try await name.admit("run.tasks.list", at: path ?? "", call)
            try request.checkParameters()
            let place = try parent.place(context)
            var response = Google_Cloud_Run_V1_ListTasksResponse()
            response.apiVersion = apiVersion
            response.kind = "TasksList"
            response.metadata = V1.ListMeta()
            var source = TaskListing.Source.many(
                JobSelection(api: .run, project: place.project, location: place.region))
            if let execution {
                // A list of what is not there is empty.
                guard path != nil else { return response }
                source = .one(try await context.execution(execution, in: place))
            }
            let scope = ["run.v1.tasks.list", place.name, request.labelSelector]
            let page = try await TaskListing(context: context, source: source).page(
                of: request.size(atMost: Self.mostListed),
                after: try PageToken.read(request.continue, as: TaskListing.Cursor.self, scope: scope)
            ) { selector.selects(Version1.labels(of: $0)) }
            response.items = page.items.map { Version1.message($0, in: place) }
            if let next = page.next { response.metadata.continue = try PageToken.make(after: next, scope: scope) }
            return response
        }

        @Sendable func get(_ request: Google_Cloud_Run_V1_GetTaskRequest, _ call: Call) async throws -> V1.Task {
            let namespace = try Namespace(request.name, like: Self.task, "name", call)
            let name = TaskID(namespace.id)
            var path: String?
            if let name { path = await context.path(ofExecution: name.execution, in: namespace) }
            try await namespace.admit(
                "run.tasks.get", at: path.map { "\($0)/tasks/\(namespace.id)" } ?? namespace.rest, call)
            let place = try namespace.place(context)
            guard let name, path != nil else { throw Refusals.missing(.task, namespace.id, in: place) }
            let execution = try await context.execution(name.execution, in: place)
            return Version1.message(try await context.task(namespace.id, of: execution, in: place), in: place)
        }
    }
}
