import Schema
import Workload

/// One attempt at one task.
public struct AttemptID: Hashable, Sendable {
    /// The job's unique id.
    public var jobUID: String
    /// The task's index, from 0.
    public var index: UInt32
    /// Which attempt at the task this is, from 0.
    public var attempt: UInt32

    /// Names an attempt.
    public init(jobUID: String, index: UInt32, attempt: UInt32) {
        self.jobUID = jobUID
        self.index = index
        self.attempt = attempt
    }
}

extension AttemptID {
    init(_ message: Landfall_Agent_V1_Attempt) {
        self.init(jobUID: message.jobUid, index: message.index, attempt: message.attempt)
    }

    /// The attempt as the protocol has it.
    var message: Landfall_Agent_V1_Attempt {
        .with {
            $0.jobUid = jobUID
            $0.index = index
            $0.attempt = attempt
        }
    }

    /// The id of the attempt's sandbox: unique on this machine and safe as a file name.
    var sandboxID: String { "\(jobUID).\(index).\(attempt)" }

    /// What `hostname` says in the sandbox: the name of the task's virtual machine on Batch.
    var hostname: String { TaskInstance.name(jobUID: jobUID, index: Int(index)) }
}
