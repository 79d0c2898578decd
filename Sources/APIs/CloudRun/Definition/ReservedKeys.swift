/// The keys of labels and annotations that Cloud Run sets itself.
enum ReservedKeys {
    private static let namespaces = [
        "run.googleapis.com", "cloud.googleapis.com", "serving.knative.dev", "autoscaling.knative.dev",
    ]

    static let location = "cloud.googleapis.com/location"
    static let job = "run.googleapis.com/job"
    static let jobUID = "run.googleapis.com/jobUid"
    static let jobGeneration = "run.googleapis.com/jobGeneration"
    static let jobResourceVersion = "run.googleapis.com/jobResourceVersion"
    static let execution = "run.googleapis.com/execution"
    static let lastUpdatedTime = "run.googleapis.com/lastUpdatedTime"
    static let runningState = "run.googleapis.com/runningState"
    static let creator = "run.googleapis.com/creator"
    static let lastModifier = "run.googleapis.com/lastModifier"
    static let operationID = "run.googleapis.com/operation-id"
    static let clientName = "run.googleapis.com/client-name"
    static let clientVersion = "run.googleapis.com/client-version"
    static let launchStage = "run.googleapis.com/launch-stage"
    static let executionEnvironment = "run.googleapis.com/execution-environment"
    static let scheduledTime = "run.googleapis.com/scheduled-time"
    static let secrets = "run.googleapis.com/secrets"

    /// The namespace that a key is in, when it is one of Cloud Run's.
    static func namespace(of key: String) -> String? {
        guard let slash = key.firstIndex(of: "/") else { return nil }
        let prefix = key[..<slash]
        return namespaces.first { prefix == $0 || prefix.hasSuffix("." + $0) }
    }
}
