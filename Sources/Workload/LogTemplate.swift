/// How the lines that a task prints become log entries.
///
/// In the values of `labels`, `{index}`, `{attempt}` and `{step}` stand for the task's index, its attempt and the
/// position of the step, each from 0.
public struct LogTemplate: Codable, Hashable, Sendable {
    /// The project whose log it is, by id.
    public var project: String
    /// The last part of the log's name, escaped as in names: `batch_task_logs`, `run.googleapis.com%2Fstdout`.
    public var logID: String
    /// The same for what is printed on standard error; nil: one log for both.
    public var errorLogID: String?
    /// The type of the monitored resource: `batch.googleapis.com/Job`.
    public var resourceType: String
    /// The labels of the monitored resource, the same for every task.
    public var resourceLabels: [String: String]
    /// The labels of each entry, with `{index}`, `{attempt}` and `{step}` to be put in.
    public var labels: [String: String]

    /// A template of these parts.
    public init(
        project: String, logID: String, errorLogID: String? = nil, resourceType: String,
        resourceLabels: [String: String],
        labels: [String: String]
    ) {
        self.project = project
        self.logID = logID
        self.errorLogID = errorLogID
        self.resourceType = resourceType
        self.resourceLabels = resourceLabels
        self.labels = labels
    }
}

extension String {
    /// A text of a log in which `{index}`, `{attempt}` and `{step}` stand for these, each from 0.
    public func filled(index: Int, attempt: Int, step: Int = 0) -> String {
        guard contains("{") else { return self }
        return replacing("{index}", with: String(index)).replacing("{attempt}", with: String(attempt))
            .replacing("{step}", with: String(step))
    }
}
