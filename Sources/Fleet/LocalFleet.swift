import SystemPackage

/// The one agent of this machine.
public enum LocalFleet {
    /// Makes sure that an agent runs for a data directory. An agent that is alive is left alone: it outlives servers.
    ///
    /// Called by a root process before it gives root up. Starts `EXECUTABLE agent --data … --socket … --owner-uid …`
    /// in a session of its own; what it prints goes to `agent/agent.log` in the data directory.
    ///
    /// - Parameters:
    ///   - executable: absolute path of the `landfall` command.
    ///   - socketPath: where the server listens for agents.
    ///   - ownerUID: the account that the server becomes.
    /// - Returns: whether an agent was started.
    /// - Throws: `FleetError`.
    @discardableResult
    public static func ensureAgent(
        executable: String, dataDirectory: String, socketPath: String, ownerUID: UInt32
    ) throws -> Bool {
        let directory = try AgentDirectory(dataDirectory: dataDirectory)
        // Free again at the end of this statement: the supervisor takes the lock itself, and a second one that
        // comes at the same time finds it taken and ends.
        guard try directory.lock() != nil else { return false }
        let log = try directory.openLog()
        defer { try? log.close() }
        let null = try FileDescriptor.open("/dev/null", .readOnly)
        defer { try? null.close() }
        _ = try ChildProcess.start(
            executable,
            ["agent", "--data", dataDirectory, "--socket", socketPath, "--owner-uid", String(ownerUID)],
            input: null, output: log, ownSession: true)
        return true
    }
}
