import Glibc
import SystemPackage

/// The one agent of this machine.
public enum LocalFleet {
    /// How long an agent that has noted that it leaves may take until it has ended.
    private static let lingering: Duration = .seconds(60)
    /// How often a supervisor looks after its directory.
    private static let upkeepPause: Duration = .seconds(5)

    /// Makes sure that an agent runs for a data directory. An agent that is alive is left alone: it outlives servers.
    ///
    /// Called by a root process before it gives root up. Starts `EXECUTABLE agent --data … --socket … --owner-uid …`
    /// in a session of its own; what it prints goes to `agent/agent.log` in the data directory.
    ///
    /// - Parameters:
    ///   - executable: absolute path of the `landfall` command.
    ///   - socketPath: where the server listens for agents.
    ///   - ownerUID: the account that the server becomes.
    ///   - options: further arguments of `landfall agent`. An agent that is alive keeps those that it was started with.
    /// - Returns: whether an agent was started.
    /// - Throws: `FleetError`.
    @discardableResult
    public static func ensureAgent(
        executable: String, dataDirectory: String, socketPath: String, ownerUID: UInt32,
        options: [String] = []
    ) throws -> Bool {
        let directory = try AgentDirectory(dataDirectory: dataDirectory)
        guard let lock = try lock(of: directory) else { return false }
        // The supervisor takes the lock itself; a second one that comes at the same time finds it taken and ends.
        lock.release()
        let log = try directory.openLog()
        defer { try? log.close() }
        let null = try FileDescriptor.open("/dev/null", .readOnly)
        defer { try? null.close() }
        _ = try ChildProcess.start(
            executable,
            ["agent", "--data", dataDirectory, "--socket", socketPath, "--owner-uid", String(ownerUID)]
                + options,
            input: null, output: log, ownSession: true)
        return true
    }

    /// The lock; of an agent that leaves, once it is gone.
    private static func lock(of directory: borrowing AgentDirectory) throws -> AgentLock? {
        let end = ContinuousClock.now + lingering
        while true {
            if let lock = try directory.lock() { return lock }
            guard directory.isLeaving, ContinuousClock.now < end else { return nil }
            usleep(10_000)
        }
    }

    /// Notes that the agent of a data directory leaves: whoever wants one waits until it is gone, and starts another.
    ///
    /// To be called by the agent before its server can see that it ends.
    ///
    /// - Throws: `FleetError`.
    public static func noteLeaving(dataDirectory: String) throws {
        try AgentDirectory(dataDirectory: dataDirectory).noteLeaving()
    }

    /// What the process does that `ensureAgent` starts: holds the lock and keeps a worker alive until it ends well,
    /// until SIGTERM or SIGINT, which it hands on, or until the data directory is gone. It keeps the log short.
    ///
    /// - Throws: `FleetError` when another process holds the lock, or the worker cannot be started.
    public static func superviseAgent(dataDirectory: String, _ supervisor: AgentSupervisor) async throws {
        let directory = try AgentDirectory(dataDirectory: dataDirectory)
        guard let lock = try directory.lock() else {
            throw FleetError("An agent is alive for \(dataDirectory) already")
        }
        directory.forgetLeaving()
        let identity = lock.identity
        let ending = SupervisorEnding()
        let upkeep = Task {
            await lookAfter(dataDirectory, holding: identity)
            if !Task.isCancelled { ending.stop() }
        }
        defer { upkeep.cancel() }
        try await supervisor.runHandlingSignals(until: ending)
        lock.release()
    }

    /// Returns once the directory is gone, or another one has its name: whoever made that starts an agent there.
    private static func lookAfter(_ dataDirectory: String, holding lock: FileIdentity?) async {
        while !Task.isCancelled, FileIdentity(path: "\(dataDirectory)/agent/lock") == lock {
            try? AgentDirectory(dataDirectory: dataDirectory).shortenLog()
            try? await Task.sleep(for: upkeepPause)
        }
    }
}
