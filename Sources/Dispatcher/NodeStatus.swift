/// A node as the dispatcher sees it.
public struct NodeStatus: Hashable, Sendable {
    /// The node's name, as status events show it.
    public var name: String
    /// The agent's start that was heard of last.
    public var incarnation: String
    /// Its agent is on the line.
    public var isConnected: Bool
    /// Processors for tasks, in thousandths of a core.
    public var cpuMilli: Int
    /// Memory for tasks, in MiB.
    public var memoryMiB: Int
    /// How many attempts its agent has, running or about to.
    public var attempts: Int
}

extension Dispatcher {
    /// The nodes that are known, by name.
    public func status() -> [NodeStatus] {
        nodes.values.sorted { $0.record.name < $1.record.name }.map { node in
            NodeStatus(
                name: node.record.name, incarnation: node.incarnation, isConnected: node.connection != nil,
                cpuMilli: node.record.cpuMilli, memoryMiB: node.record.memoryMiB,
                attempts: node.held.values.reduce(0, +))
        }
    }
}
