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
                throw SandboxError("the job's secrets cannot be read: \(reason)")
            case .unavailable: throw SandboxError("the job's secrets cannot be read: the server is away", mayPass: true)
            }
        }
    }

    /// Opens the doors of a sandbox to an attempt; they are closed before the sandbox is.
    ///
    /// - Returns: nil for a plan without an identity.
    /// - Throws: `SandboxError`
    func open(to id: AttemptID, of plan: Plan, in sandbox: any TaskSandbox) async throws -> OpenDoors? {
        guard let instance = Instance(id, plan) else { return nil }
        let isBlocked = plan.steps.contains { step in
            if case .container(let container) = step.executable { container.blocksExternalNetwork } else { false }
        }
        var ways = ProxyWays { [directions] in directions.port }
        if !isBlocked { ways.socket = { try await sandbox.socket() } }
        let occupant = Occupant(instance: instance, credentials: credentials(of: id), ways: ways)
        let listeners = try await sandbox.listen(at: [Door.metadataPort, Door.proxyPort])
        let doors = OpenDoors(
            metadata: try listeners[0].service { Door.metadata(at: $0.rawValue) },
            proxy: try listeners[1].service { Door.proxy(at: $0.rawValue) })
        do {
            try await doors.metadata.admit(occupant)
            try await doors.proxy.admit(occupant)
        } catch {
            await doors.close()
            throw SandboxError("cannot serve a task's metadata: \(error)")
        }
        return doors
    }
}

/// The doors that an attempt can use.
struct OpenDoors: Sendable {
    let metadata: Door
    let proxy: Door

    /// Lets nobody in any more, and returns when every connection is closed.
    func close() async {
        await metadata.dismiss()
        await proxy.dismiss()
    }
}

extension Door: ListenerService {}
