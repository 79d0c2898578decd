import Workload

/// How an attempt at a task ended, in the terms of Cloud Run.
struct AttemptResult: Hashable, Sendable {
    /// A canonical code of `google.rpc`; 0 for success.
    var code: Int32
    /// For people; empty for success.
    var message: String
    /// What the process ended with; 0 when it did not end by itself.
    var exitCode: Int32
    /// The signal that ended it; 0 when none did.
    var signal: Int32

    var reason: Condition.Reason {
        switch code {
        case 1: .cancelled
        case 13: .internalError
        default: .nonZeroExitCode
        }
    }

    /// The signals by which systems, and not programs, end processes.
    private static let systemSignals: Set<Int32> = [4, 6, 7, 8, 9, 11, 15]

    static let cancelled = AttemptResult(code: 1, message: "Cancelled by user.", exitCode: 0, signal: 0)

    private init(code: Int32, message: String, exitCode: Int32, signal: Int32) {
        self.code = code
        self.message = message
        self.exitCode = exitCode
        self.signal = signal
    }

    /// - Parameter event: one with an exit code.
    init(_ event: TaskEvent) {
        let exitCode = event.exitCode ?? 0
        let detail = event.detail.flatMap { $0.isEmpty ? nil : $0 }
        switch ReservedExitCode(rawValue: exitCode) {
        case .timedOut?:
            self.init(code: 4, message: "The configured timeout was reached.", exitCode: 0, signal: 0)
        case .some:
            self.init(
                code: 13, message: detail ?? "The node that ran the task was lost.", exitCode: 0, signal: 0)
        case nil where exitCode == 0:
            self.init(code: 0, message: "", exitCode: 0, signal: 0)
        case nil:
            let signal = exitCode > 128 && Self.systemSignals.contains(exitCode - 128) ? exitCode - 128 : 0
            self.init(
                code: 10, message: signal == 0 ? "The container exited with an error." : Self.text(signal, detail),
                exitCode: signal == 0 ? exitCode : 0, signal: signal)
        }
    }

    private static func text(_ signal: Int32, _ detail: String?) -> String {
        "The container was terminated on signal \(signal)." + (detail.map { " \($0)" } ?? "")
    }

    /// What follows `Task X-task0 failed with `.
    var sentence: String {
        if exitCode != 0 { return "exit code: \(exitCode) and message: \(message)" }
        if signal != 0 { return "signal: \(signal) and message: \(message)" }
        return "message: \(message)"
    }
}
