import Glibc
import Workload

/// How an attempt ended.
struct AttemptOutcome: Hashable, Sendable {
    /// 0 to 255, 128 + n for signal n, or a `ReservedExitCode`.
    var code: Int32
    /// More to tell, for people.
    var detail: String

    /// Something of the attempt could not be ended.
    var isUnresponsive: Bool { code == ReservedExitCode.unresponsive.rawValue }
}

/// The signals that end a step.
enum StopSignal: Hashable, Sendable {
    /// SIGTERM: the step may still do something.
    case terminate
    /// SIGKILL: it may not.
    case kill

    /// The signal's number.
    var number: Int32 {
        switch self {
        case .terminate: SIGTERM
        case .kill: SIGKILL
        }
    }

    /// The exit code of a process that the signal ended.
    var exitCode: Int32 { 128 + number }
}
