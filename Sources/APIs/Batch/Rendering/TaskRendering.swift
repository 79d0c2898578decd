import Requests
import Workload

/// Turns tasks into the messages that clients read, the untouched ones among them.
struct TaskRendering: Sendable {
    private let job: JobRecord
    private let groupName: String
    private let texts: StatusText

    init(_ job: StoredJob, projectNumber: String) {
        self.job = job.record
        self.groupName = "\(job.record.name.path)/taskGroups/group0"
        self.texts = job.texts(projectNumber: projectNumber)
    }

    /// A task by its index.
    ///
    /// - Parameter record: nil when no agent has touched it.
    func message(_ index: Int, _ record: TaskRecord?) -> Wire.Task {
        .with {
            $0.name = "\(groupName)/tasks/\(index)"
            $0.status.state = state(record).wire
            $0.status.statusEvents = (record?.events ?? []).map(event)
        }
    }

    /// An untouched task waits until its job is over.
    func state(_ record: TaskRecord?) -> TaskState {
        record?.state ?? (job.state.isFinal ? .unexecuted : .pending)
    }

    private func event(_ event: TaskEvent) -> Wire.StatusEvent {
        .with {
            $0.type = event.isCustom ? "RUNNABLE_EVENT" : "STATUS_CHANGED"
            $0.description_p = texts.describe(event)
            $0.eventTime = Timestamps.message(event.time)
            $0.taskState = event.to.wire
            if let code = event.exitCode { $0.taskExecution.exitCode = code }
        }
    }
}
