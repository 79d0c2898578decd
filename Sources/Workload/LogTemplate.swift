/// How the lines that a task prints become log entries.
///
/// In the values of `labels`, `{index}`, `{attempt}` and `{step}` stand for the task's index, its attempt and the
/// position of the step, each from 0.
public struct LogTemplate: Codable, Hashable, Sendable {
    /// The project whose log it is, by id.
    public var project: String
    /// The last part of the log's name: `batch_task_logs`.
    public var logID: String
    /// The type of the monitored resource: `batch.googleapis.com/Job`.
    public var resourceType: String
    /// The labels of the monitored resource, the same for every task.
    public var resourceLabels: [String: String]
    /// The labels of each entry, with `{index}`, `{attempt}` and `{step}` to be put in.
    public var labels: [String: String]

    /// A template of these parts.
    public init(
        project: String, logID: String, resourceType: String, resourceLabels: [String: String],
        labels: [String: String]
    ) {
        self.project = project
        self.logID = logID
        self.resourceType = resourceType
        self.resourceLabels = resourceLabels
        self.labels = labels
    }
}
