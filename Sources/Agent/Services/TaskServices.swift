import FoundationEssentials
import Metadata
import Sandbox
import Workload

/// What the agent serves inside the network of every task that has an identity: a metadata server, and a proxy that
/// leads to Landfall and, where that is allowed, out.
struct TaskServices: Sendable {
    let directions: ServerDirections
    let line: ServerLine
    /// The agent's.
    let incarnation: String

    /// What the server gives out in the name of an attempt.
    func credentials(of id: AttemptID) -> TaskCredentials {
        TaskCredentials(line: line, incarnation: incarnation, attempt: id)
    }

    /// The values of all secrets that a plan names, read as the job's account.
    ///
    /// - Throws: `SandboxError`; one that may pass while the server is away.
    func secrets(of plan: Plan, for id: AttemptID) async throws -> [SecretReference: Data] {
        let named = plan.secrets
        guard !named.isEmpty else { return [:] }
        do {
            return try await credentials(of: id).values(of: Array(named))
        } catch let failure as CredentialFailure {
            switch failure {
            case .refused(let reason), .gone(let reason):
                throw SandboxError("The job's secrets cannot be read: \(reason)")
            case .unavailable: throw SandboxError("The job's secrets cannot be read: the server is away", mayPass: true)
            }
        }
    }

    /// Has the listeners of a sandbox serve an attempt, until they are told to stop: before the sandbox is closed.
    ///
    /// - Returns: nil for a plan without an identity.
    /// - Throws: `SandboxError`
    func open(to id: AttemptID, of plan: Plan, in sandbox: any TaskSandbox) async throws -> OpenListeners? {
        guard let instance = Instance(id, plan) else { return nil }
        let isBlocked = plan.steps.contains { step in
            if case .container(let container) = step.executable { container.blocksExternalNetwork } else { false }
        }
        var routes = ProxyRoutes { [directions] in directions.port }
        if !isBlocked { routes.socket = { try await sandbox.socket() } }
        let attempt = ServedAttempt(instance: instance, credentials: credentials(of: id), routes: routes)
        let sockets = try await sandbox.listen(at: [TaskListener.metadataPort, TaskListener.proxyPort])
        let listeners = OpenListeners(
            metadata: try sockets[0].service { TaskListener.metadata(at: $0.rawValue) },
            proxy: try sockets[1].service { TaskListener.proxy(at: $0.rawValue) })
        do {
            try await listeners.metadata.serve(attempt)
            try await listeners.proxy.serve(attempt)
        } catch {
            await listeners.close()
            throw SandboxError("cannot serve a task's metadata: \(error)")
        }
        return listeners
    }
}

/// The listeners that serve an attempt.
struct OpenListeners: Sendable {
    let metadata: TaskListener
    let proxy: TaskListener

    /// Lets nobody in any more, and returns when every connection is closed.
    func close() async {
        await metadata.stopServing()
        await proxy.stopServing()
    }
}

extension TaskListener: ListenerService {}
