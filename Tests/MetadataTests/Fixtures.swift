import Foundation
import Synchronization
import Workload

@testable import Metadata

extension Instance {
    /// A machine of the project demo.
    static func test(_ platform: TaskIdentity.Platform = .virtualMachine, scopes: [String] = ["scope-a"]) -> Instance {
        let identity = TaskIdentity(
            account: "robot@demo.iam.gserviceaccount.com", accountID: "100000000000000000001", scopes: scopes,
            project: "demo", projectNumber: "123456789012", region: "us-central1", zone: "us-central1-a",
            platform: platform, puller: "robot@demo.iam.gserviceaccount.com")
        var machine = TaskInstance(jobUID: "job-1", index: 0, attempt: 0, platform: platform)
        machine.id = platform == .virtualMachine ? "1234567890123456789" : "00ff"
        return Instance(
            identity: identity, machine: machine, resources: Resources(cpuMilli: 1500, memoryMiB: 2000))
    }
}

extension MetadataRouter {
    /// What a request from a library comes to.
    static func outcome(
        _ target: String, on platform: TaskIdentity.Platform = .virtualMachine, method: String = "GET",
        isMeant: Bool = true, isForwarded: Bool = false
    ) -> MetadataOutcome? {
        MetadataRequest(method: method, target: target, isMeant: isMeant, isForwarded: isForwarded).map {
            MetadataRouter(instance: .test(platform)).outcome(of: $0)
        }
    }

    /// The answer to a request below `/computeMetadata/v1`.
    static func answer(_ path: String, on platform: TaskIdentity.Platform = .virtualMachine) -> MetadataAnswer? {
        guard case .answer(let answer)? = outcome("/computeMetadata/v1\(path)", on: platform) else { return nil }
        return answer
    }
}

/// Gives out tokens that say which they are, or fails as it is told.
final class FakeCredentials: CredentialSource {
    private struct State {
        var failure: CredentialFailure?
        var lifetime: TimeInterval = 3600
        var count = 0
        var asked: [String] = []
        var gate: AsyncStream<Void>?
    }

    private let state = Mutex(State())
    let now: @Sendable () -> Date

    init(now: @escaping @Sendable () -> Date = { Date() }) {
        self.now = now
    }

    /// What was asked for, in order.
    var asked: [String] { state.withLock { $0.asked } }

    func fail(_ failure: CredentialFailure?) { state.withLock { $0.failure = failure } }

    func setLifetime(_ lifetime: TimeInterval) { state.withLock { $0.lifetime = lifetime } }

    /// Answers nothing until the stream has ended.
    func wait(for gate: AsyncStream<Void>) { state.withLock { $0.gate = gate } }

    func accessToken(scopes: [String]) async throws -> Credential {
        try await make("access:\(scopes.joined(separator: ","))")
    }

    func identityToken(_ request: IdentityTokenRequest) async throws -> Credential {
        try await make("identity:\(request.audience)\(request.isFull ? ":full" : "")")
    }

    private func make(_ what: String) async throws -> Credential {
        let gate = state.withLock { state in
            state.asked.append(what)
            return state.gate
        }
        if let gate { for await _ in gate {} }
        return try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.count += 1
            return Credential(token: "\(what)#\(state.count)", expiresAt: now() + state.lifetime)
        }
    }
}

/// A clock that a test moves.
final class TestClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_800_000_000))

    var now: @Sendable () -> Date { { [self] in time.withLock { $0 } } }

    func advance(_ seconds: TimeInterval) { time.withLock { $0 += seconds } }
}
