import Methods
import Requests

/// The Batch API, v1: jobs and their tasks, with the operations and locations that go with them.
public enum BatchAPI {
    /// The name that projects enable it by.
    public static let service = "batch.googleapis.com"

    /// The table of its methods.
    public static func api(_ context: BatchContext) -> API {
        API(
            service: service, title: "Batch API",
            methods: JobMethods(context: context).rows + TaskMethods(context: context).rows
                + OperationMethods(context: context).rows + LocationMethods(context: context).rows)
    }
}
