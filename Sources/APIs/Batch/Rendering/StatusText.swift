import Workload

/// The sentences of status events. Clients take zones, instances and exit codes out of them, so their form is fixed.
struct StatusText: Sendable {
    /// `projects/123456789012/locations/us-central1/jobs/hello`, with the project's number.
    let job: String
    /// The zone that tasks are said to run in.
    let zone: String

    /// `Task state is updated from RUNNING to FAILED on zones/Z/instances/I with exit code 127.`
    func describe(_ event: TaskEvent) -> String {
        if event.isCustom { return event.detail ?? "" }
        var text = "Task state is updated from \(event.from.wireName) to \(event.to.wireName)"
        if let node = event.node { text += " on zones/\(zone)/instances/\(node)" }
        if let code = event.exitCode {
            if let reason = ReservedExitCode(rawValue: code) { text += " due to \(Self.phrase(reason))" }
            text += " with exit code \(code)."
        }
        guard let detail = event.detail, !detail.isEmpty else { return text }
        return text + (text.hasSuffix(".") ? " " : ". ") + detail
    }

    /// `Job state is set from RUNNING to FAILED for job J.`, followed by the task that decided it.
    func describe(from: JobState, to: JobState, cause: JobEvent.FailedTask?) -> String {
        let text = "Job state is set from \(from.wireName) to \(to.wireName) for job \(job)."
        guard let cause else { return text }
        return text
            + "Job failed due to task failure. Specifically, task with index \(cause.index) failed due to the "
            + "following task event: \"\(describe(cause.event))\""
    }

    private static func phrase(_ code: ReservedExitCode) -> String {
        switch code {
        case .unknown: "unknown error"
        case .preempted: "Spot VM preemption"
        case .agentLost: "Batch no longer receives VM updates"
        case .rebooted: "VM is rebooted during task execution"
        case .unresponsive: "tasks cannot be canceled"
        case .timedOut: "task runs over the maximum runtime"
        case .recreated: "VM is recreated during task execution"
        }
    }
}
