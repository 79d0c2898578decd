/// When a failed attempt at a task is followed by another.
public struct RetryPolicy: Codable, Hashable, Sendable {
    /// How often a task may be tried again. 0 to 10.
    public var maxRetries: Int
    /// Which exit codes are worth another attempt; nil: every failure.
    public var rule: Rule?

    /// A policy that by default allows no retry.
    public init(maxRetries: Int = 0, rule: Rule? = nil) {
        self.maxRetries = maxRetries
        self.rule = rule
    }

    /// A list of exit codes and what to do with them; codes that are not listed get the opposite.
    public struct Rule: Codable, Hashable, Sendable {
        /// What is done with the codes that are listed.
        public var action: Action
        /// The codes: 0 to 255, or of `ReservedExitCode`.
        public var exitCodes: Set<Int32>

        /// A rule for these codes.
        public init(action: Action, exitCodes: Set<Int32>) {
            self.action = action
            self.exitCodes = exitCodes
        }
    }

    /// What is done with an exit code that a rule lists.
    public enum Action: String, Codable, Sendable {
        case retry
        case fail
    }

    /// Whether attempt number `attempt` (from 0), which ended with `exitCode`, is followed by another.
    ///
    /// Batch, `lifecyclePolicies`: a failure that the policy does not list gets the opposite action. An exit
    /// code of 0 is never retried.
    public func retries(exitCode: Int32, attempt: Int) -> Bool {
        guard exitCode != 0, attempt < maxRetries else { return false }
        guard let rule else { return true }
        return rule.exitCodes.contains(exitCode) == (rule.action == .retry)
    }
}
