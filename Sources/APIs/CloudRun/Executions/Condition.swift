import FoundationEssentials
import Requests

/// One thing that is true, false or not known yet of a job, an execution or a task; both versions of the API show it.
struct Condition: Hashable, Sendable {
    enum Status: Hashable, Sendable { case yes, no, unknown }

    enum Reason: Hashable, Sendable {
        case nonZeroExitCode
        case cancelled
        case cancelling
        case deleted
        case waitingForOperation
        case immediateRetry
        case internalError
    }

    /// What it is about: `Completed`.
    var type: String
    var status: Status
    var reason: Reason?
    var message = ""
    /// Says something beside the matter: nothing waits for it.
    var isInformation = false
    var time: Date
}

extension Condition.Reason {
    /// As v1 writes it.
    var name: String {
        switch self {
        case .nonZeroExitCode: "NonZeroExitCode"
        case .cancelled: "Cancelled"
        case .cancelling: "Cancelling"
        case .deleted: "Deleted"
        case .waitingForOperation: "WaitingForOperation"
        case .immediateRetry: "ImmediateRetry"
        case .internalError: "Internal"
        }
    }

    fileprivate var version2: V2.Condition.OneOf_Reasons {
        switch self {
        case .nonZeroExitCode: .executionReason(.nonZeroExitCode)
        case .cancelled: .executionReason(.cancelled)
        case .cancelling: .executionReason(.cancelling)
        case .deleted: .executionReason(.deleted)
        case .waitingForOperation: .reason(.waitingForOperation)
        case .immediateRetry: .reason(.immediateRetry)
        case .internalError: .reason(.internal)
        }
    }
}

extension Condition {
    /// As v1 shows it.
    var version1: V1.Condition {
        .with {
            $0.type = type
            $0.status = status == .yes ? "True" : status == .no ? "False" : "Unknown"
            $0.reason = reason?.name ?? ""
            $0.message = message
            $0.severity = isInformation ? "Info" : ""
            $0.lastTransitionTime = Timestamps.message(time)
        }
    }

    /// As v2 shows it.
    var version2: V2.Condition {
        .with {
            $0.type = type
            $0.state =
                switch status {
                case .yes: .conditionSucceeded
                case .no: .conditionFailed
                case .unknown: reason == .cancelling || !message.isEmpty ? .conditionReconciling : .conditionPending
                }
            $0.message = message
            $0.lastTransitionTime = Timestamps.message(time)
            $0.severity = isInformation ? .info : .unspecified
            $0.reasons = reason?.version2
        }
    }
}
