/// The labels that every log entry of a task has, besides those of its job and runnable.
enum TaskLogLabel: String, CaseIterable {
    case jobUID = "job_uid"
    case taskID = "task_id"
    case taskGroupName = "task_group_name"
    case runnableIndex = "runnable_index"

    /// Their keys, which nobody else may set: entries would seem to be another job's.
    static let keys = Set(allCases.map(\.rawValue))
}
