/// Exit codes that no process gives: what became of an attempt that did not end by itself.
///
/// Processes end with 0 to 255, where 128 + n stands for signal n.
public enum ReservedExitCode: Int32, Codable, Sendable, CaseIterable {
    /// Nobody knows why.
    case unknown = 50000
    /// The machine was taken away.
    case preempted = 50001
    /// The agent that ran the task is gone.
    case agentLost = 50002
    /// The machine restarted while the task ran.
    case rebooted = 50003
    /// The task could not be stopped in time.
    case unresponsive = 50004
    /// The attempt's or the step's time limit was reached.
    case timedOut = 50005
    /// The machine was replaced while the task ran.
    case recreated = 50006
}
