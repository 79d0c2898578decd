import Foundation
import Logging
import Metadata
import Sandbox
import Testing
import Workload

@testable import Agent

@Suite("What tasks are served", .timeLimit(.minutes(10)))
struct TaskServicesTests {
    private let sandboxes = FakeSandboxes()
    private let services: TaskServices

    init() {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        services = TaskServices(
            directions: ServerDirections(sandboxes: sandboxes, images: NoImages(), logger: logger), line: ServerLine(),
            incarnation: "i-1")
    }

    private var plan: Plan {
        var plan = Plan.scripts("true")
        plan.identity = TaskIdentity(
            account: "robot@demo", accountID: "1", project: "demo", projectNumber: "1", region: "r", zone: "z",
            platform: .virtualMachine, puller: "robot@demo")
        return plan
    }

    @Test("is known from the server's welcome: its port, its names, and its authority beside the system's")
    func directions() async throws {
        #expect(services.directions.port == nil)
        await services.directions.learn(
            .with {
                $0.host = "127.0.0.1"
                $0.port = 8787
                $0.authority = "the authority"
                $0.domains = ["GoogleAPIs.com"]
            })
        #expect(
            services.directions.port == ServerPort(host: "127.0.0.1", port: 8787, domains: ["googleapis.com"]))
        let shown = sandboxes.shown.mapValues { String(decoding: $0, as: UTF8.self) }
        #expect(shown["authority.pem"] == "the authority")
        #expect(shown["authorities.pem"]?.hasPrefix("the authority\n") == true)
    }

    @Test(
        "stays as it was when a welcome makes no sense", arguments: [(0, "127.0.0.1"), (65_536, "127.0.0.1"), (1, "")])
    func nonsense(port: UInt32, host: String) async throws {
        await services.directions.learn(
            .with {
                $0.host = host
                $0.port = port
            })
        #expect(services.directions.port == nil)
        #expect(sandboxes.shown.isEmpty)
    }

    @Test("is nothing for a job that runs as nobody, and no sandbox without a network is started in")
    func identities() async throws {
        let id = AttemptID(jobUID: "job-1", index: 0, attempt: 0)
        let sandbox = try await sandboxes.open(
            SandboxSpec(id: "a", user: .root, hostname: "a", cpuMilli: 1, memoryMiB: 8))
        let none = try await services.open(to: id, of: .scripts("true"), in: sandbox)
        #expect(none.map { _ in true } == nil)
        await #expect(throws: SandboxError.self) { try await services.open(to: id, of: plan, in: sandbox) }
    }

    @Test("has no credentials while the server is away; secrets are then waited for")
    func serverAway() async throws {
        let id = AttemptID(jobUID: "job-1", index: 0, attempt: 0)
        await #expect(throws: CredentialFailure.unavailable) {
            try await services.credentials(of: id).accessToken(scopes: [])
        }
        var plan = plan
        #expect(try await services.secrets(of: plan, for: id).isEmpty)
        plan.secretEnvironment = ["A": SecretReference(project: "demo", secret: "s")]
        do {
            _ = try await services.secrets(of: plan, for: id)
            Issue.record("there were secrets")
        } catch let error as SandboxError {
            #expect(error.mayPass)
        }
    }
}
