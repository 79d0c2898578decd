import Access
import Methods
import PolicyAPI

/// The Cloud Run Admin API as far as it is about jobs: v1, which gcloud speaks, and v2, which the client libraries speak.
/// Both are shapes of one state.
public enum CloudRunAPI {
    /// The name that projects enable it by.
    public static let service = "run.googleapis.com"

    /// The table of its methods.
    public static func api(_ context: CloudRunContext) -> API {
        API(
            service: service, title: "Cloud Run Admin API", denied: Refusals.permissionDenied,
            methods: Version2.JobMethods(context: context).rows + Version2.ExecutionMethods(context: context).rows
                + Version2.TaskMethods(context: context).rows + Version1.JobMethods(context: context).rows
                + Version1.ExecutionMethods(context: context).rows + Version1.TaskMethods(context: context).rows
                + JobPolicies(context: context).rows + OperationMethods(context: context).rows
                + LocationMethods(context: context).rows)
    }
}

/// The surface that the client libraries speak.
enum Version2 {}

/// The Knative-style surface that gcloud speaks, at the host of a region.
enum Version1 {
    /// What every object says of its version.
    static let apiVersion = "run.googleapis.com/v1"
}
