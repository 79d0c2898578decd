/// One thing that a task runs: a Batch runnable, or the container of a Cloud Run task.
public struct Step: Codable, Hashable, Sendable {
    /// What people call the step; the events of a task tell when a step with a name starts and ends.
    public var name: String?
    /// What is run.
    public var executable: Executable
    /// Variables of this step alone; they override those of the task.
    public var environment: [String: String]
    /// Variables of this step alone whose values are secrets, read as the job's account when the attempt starts.
    public var secretEnvironment: [String: SecretReference]
    /// How long the step may take; nil: as long as the attempt.
    public var timeout: Duration?
    /// A non-zero exit does not fail the task.
    public var ignoresExitStatus: Bool
    /// The task goes on at once, and ends the step when the last other step has ended.
    public var runsInBackground: Bool
    /// Runs even when an earlier step failed.
    public var alwaysRuns: Bool
    /// Labels of the step's log entries.
    public var labels: [String: String]

    /// A step that runs in the foreground, unless told otherwise.
    public init(
        name: String? = nil, executable: Executable, environment: [String: String] = [:],
        secretEnvironment: [String: SecretReference] = [:], timeout: Duration? = nil, ignoresExitStatus: Bool = false,
        runsInBackground: Bool = false, alwaysRuns: Bool = false,
        labels: [String: String] = [:]
    ) {
        self.name = name
        self.executable = executable
        self.environment = environment
        self.secretEnvironment = secretEnvironment
        self.timeout = timeout
        self.ignoresExitStatus = ignoresExitStatus
        self.runsInBackground = runsInBackground
        self.alwaysRuns = alwaysRuns
        self.labels = labels
    }
}

extension Step {
    /// What events call a step: `Step 0`, or `Step 0 (align)` when it has a name.
    public func title(at position: Int) -> String {
        "Step \(position)" + (name.map { " (\($0))" } ?? "")
    }
}

/// What a step executes.
public enum Executable: Codable, Hashable, Sendable {
    /// The text of a script: run by the interpreter of its `#!` line, else by `/bin/sh`.
    case script(text: String)
    /// The absolute path of a file that is executable, as the task sees it.
    case file(path: String)
    /// A container.
    case container(Container)
    /// Nothing: the task waits here until every task of the job has come to this step.
    case barrier

    /// Whether it is a container.
    public var isContainer: Bool { if case .container = self { true } else { false } }
}

extension Step {
    /// Reads a step; what an earlier release did not know has its default.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try values.decodeIfPresent(String.self, forKey: .name),
            executable: try values.decode(Executable.self, forKey: .executable),
            environment: try values.decode([String: String].self, forKey: .environment),
            secretEnvironment: try values.decodeIfPresent(
                [String: SecretReference].self, forKey: .secretEnvironment) ?? [:],
            timeout: try values.decodeIfPresent(Duration.self, forKey: .timeout),
            ignoresExitStatus: try values.decode(Bool.self, forKey: .ignoresExitStatus),
            runsInBackground: try values.decode(Bool.self, forKey: .runsInBackground),
            alwaysRuns: try values.decode(Bool.self, forKey: .alwaysRuns),
            labels: try values.decode([String: String].self, forKey: .labels))
    }
}
