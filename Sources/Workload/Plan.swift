import FoundationEssentials

/// What an engine needs to know to run a job: the one form to which a Batch task group and a Cloud Run
/// execution are both lowered. A plan says nothing of the API that it came from.
public struct Plan: Codable, Hashable, Sendable {
    /// How many tasks there are; their indices are `0..<taskCount`. 1 to 100,000.
    public var taskCount: Int
    /// At most this many tasks run at once. At least 1.
    public var parallelism: Int
    /// In which order tasks may start.
    public var order: TaskOrder
    /// 0 to 99; a job of higher priority starts its tasks first.
    public var priority: Int
    /// What each task runs, one after the other. Never empty.
    public var steps: [Step]
    /// What each task takes of a machine.
    public var resources: Resources
    /// How long one attempt at a task may take, over all its steps; nil: no limit of its own.
    public var attemptLimit: Duration?
    /// When a failed attempt is followed by another.
    public var retry: RetryPolicy
    /// Variables of every task.
    public var environment: [String: String]
    /// Variables of single tasks, by index; empty when there are none, else one for each task.
    public var taskEnvironments: [[String: String]]
    /// Variables whose value depends on the task and its attempt. They are set last and cannot be overridden.
    public var taskVariables: [String: TaskVariable]
    /// The account that the steps run as.
    public var user: TaskUser
    /// What becomes of what the steps print.
    public var logs: LogPolicy
    /// What a task that fails for good means for the others.
    public var onTaskFailure: FailureRule = .endJob
    /// How long processes have between SIGTERM and SIGKILL when a time limit is reached.
    public var timeoutGrace: Duration = defaultGrace
    /// Variables of every task whose values are secrets, read as the job's account when an attempt starts.
    public var secretEnvironment: [String: SecretReference] = [:]
    /// Files that the steps share, or that outlive the task.
    public var volumes: [Volume] = []
    /// Whom the code in the tasks acts as; nil: nobody, and there is no metadata server.
    public var identity: TaskIdentity?

    /// The positions of the steps at which tasks wait for each other.
    public var barriers: [Int] { steps.indices.filter { steps[$0].executable == .barrier } }

    /// Five seconds.
    public static let defaultGrace = Duration.seconds(5)

    /// A plan of one task as root that keeps no logs, unless told otherwise.
    public init(
        taskCount: Int = 1, parallelism: Int = 1, order: TaskOrder = .any, priority: Int = 0, steps: [Step],
        resources: Resources = Resources(), attemptLimit: Duration? = nil, retry: RetryPolicy = RetryPolicy(),
        environment: [String: String] = [:], taskEnvironments: [[String: String]] = [],
        taskVariables: [String: TaskVariable] = [:], user: TaskUser = .root, logs: LogPolicy = .discard
    ) {
        self.taskCount = taskCount
        self.parallelism = parallelism
        self.order = order
        self.priority = priority
        self.steps = steps
        self.resources = resources
        self.attemptLimit = attemptLimit
        self.retry = retry
        self.environment = environment
        self.taskEnvironments = taskEnvironments
        self.taskVariables = taskVariables
        self.user = user
        self.logs = logs
    }
}

/// What a task that fails for good means for the other tasks of its job.
public enum FailureRule: String, Codable, Sendable {
    /// No further task starts, and the job fails once those that run have ended (Batch).
    case endJob
    /// They go on; the job fails when all have ended (Cloud Run).
    case goOn
}

/// In which order the tasks of a job may start.
public enum TaskOrder: String, Codable, Sendable {
    /// As soon as there is room, several at once.
    case any
    /// One at a time, by increasing index.
    case byIndex
}

/// What one task takes of the machine that it runs on.
public struct Resources: Codable, Hashable, Sendable {
    /// Processor time, in thousandths of a core. A share, not a limit: a task may use what others leave.
    public var cpuMilli: Int
    /// Memory, in MiB. A limit: a task that takes more is killed.
    public var memoryMiB: Int

    /// By default, what Batch gives a task: two cores and 2000 MiB.
    public init(cpuMilli: Int = 2000, memoryMiB: Int = 2000) {
        self.cpuMilli = cpuMilli
        self.memoryMiB = memoryMiB
    }
}

/// A value that differs from task to task.
public enum TaskVariable: String, Codable, Sendable {
    /// The task's index, from 0.
    case index
    /// How many tasks the job has.
    case count
    /// Which attempt this is, from 0.
    case attempt
}

/// What becomes of what a task prints.
public enum LogPolicy: Codable, Hashable, Sendable {
    /// It is read and thrown away.
    case discard
    /// It becomes log entries, up to `limit` bytes for the whole job, in which each entry counts for more than its
    /// text; a last entry says when that was reached.
    case keep(limit: Int, as: LogTemplate)
    /// It is written to files of a volume (Batch, `PATH`).
    case files(LogFiles)
}

/// Where the lines that a task prints are written to, and as what.
public struct LogFiles: Codable, Hashable, Sendable {
    /// The plan's volume that the files are in.
    public var volume: String
    /// The directory in the volume, without `..`; empty for the volume itself.
    public var directory: String
    /// What the names of the files contain, with `{index}` for the task: `output-NAME.log`.
    public var name: String
    /// What each line says of its task, with `{index}`, `{attempt}` and `{step}` to be put in.
    public var label: String

    /// Files of these parts.
    public init(volume: String, directory: String, name: String, label: String) {
        self.volume = volume
        self.directory = directory
        self.name = name
        self.label = label
    }
}

extension Plan {
    /// Reads a plan; what an earlier release did not know has its default.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            taskCount: try values.decode(Int.self, forKey: .taskCount),
            parallelism: try values.decode(Int.self, forKey: .parallelism),
            order: try values.decode(TaskOrder.self, forKey: .order),
            priority: try values.decode(Int.self, forKey: .priority),
            steps: try values.decode([Step].self, forKey: .steps),
            resources: try values.decode(Resources.self, forKey: .resources),
            attemptLimit: try values.decodeIfPresent(Duration.self, forKey: .attemptLimit),
            retry: try values.decode(RetryPolicy.self, forKey: .retry),
            environment: try values.decode([String: String].self, forKey: .environment),
            taskEnvironments: try values.decode([[String: String]].self, forKey: .taskEnvironments),
            taskVariables: try values.decode([String: TaskVariable].self, forKey: .taskVariables),
            user: try values.decode(TaskUser.self, forKey: .user),
            logs: try values.decode(LogPolicy.self, forKey: .logs))
        onTaskFailure = try values.decodeIfPresent(FailureRule.self, forKey: .onTaskFailure) ?? .endJob
        timeoutGrace = try values.decodeIfPresent(Duration.self, forKey: .timeoutGrace) ?? Self.defaultGrace
        secretEnvironment =
            try values.decodeIfPresent([String: SecretReference].self, forKey: .secretEnvironment) ?? [:]
        volumes = try values.decodeIfPresent([Volume].self, forKey: .volumes) ?? []
        identity = try values.decodeIfPresent(TaskIdentity.self, forKey: .identity)
    }
}
