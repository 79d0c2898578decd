import Workload

/// The machine that a task believes itself to be on: what its metadata server tells beside tokens.
public struct Instance: Hashable, Sendable {
    /// Whom the task acts as, and where.
    public var identity: TaskIdentity
    /// What the machine is called.
    public var machine: TaskInstance
    /// What the task has of the machine.
    public var resources: Resources
    /// The domain of the APIs: `googleapis.com`, as clients call them by their usual names.
    public var universe: String

    /// A machine for one attempt at a task.
    public init(
        identity: TaskIdentity, machine: TaskInstance, resources: Resources, universe: String = "googleapis.com"
    ) {
        self.identity = identity
        self.machine = machine
        self.resources = resources
        self.universe = universe
    }
}

extension TaskIdentity.Platform {
    /// How the metadata server calls itself.
    var serverName: String {
        switch self {
        case .virtualMachine: "Metadata Server for VM"
        case .serverless: "Metadata Server for Serverless"
        }
    }
}
