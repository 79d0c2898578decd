import Images
import OCI
import Sandbox
import Synchronization
import Testing
import Workload

@testable import Agent

@Suite("An attempt with containers")
struct ContainerAttemptTests {
    private let plan = {
        var plan = Plan.scripts("after")
        plan.steps.insert(Step(executable: .container(Container(image: "busybox"))), at: 0)
        plan.volumes = [Volume(name: "v", source: .memory(limitMiB: 1), path: "/mnt/v")]
        return plan
    }()

    @Test("fetches an image, runs it and what follows, and lets it go")
    func runs() async throws {
        let sandboxes = FakeSandboxes { process in process.exit() }
        let images = FakeImages()
        let agent = try Agent.forTests(sandboxes, images: images)
        try await agent.lease("job-1", 0..<1, plan: plan)
        let items = await agent.outbox.items(ended: 1)
        #expect(items.map(\.summary) == ["start 0", "end 0 0"])
        #expect(images.asked == ["library/busybox"] && images.released == 1)
        let spec = try #require(sandboxes.opened.first)
        #expect(spec.programs == [.scripts, .containers])
        #expect(spec.volumes == [SandboxVolume(name: "v", source: .memory(limitMiB: 1), path: "/mnt/v")])
    }

    @Test("fails when its image cannot be had, and says why")
    func noImage() async throws {
        let agent = try Agent.forTests(
            FakeSandboxes(), images: FakeImages(refusals: [ImageRefusal(description: "There is no such image.")]))
        try await agent.lease("job-1", 0..<1, plan: plan)
        let items = await agent.outbox.items(ended: 1)
        guard case .ended(let ended) = items.last?.kind else { return #expect(Bool(false), "\(items)") }
        #expect(ended.exitCode != 0 && ended.detail == "Step 0 has no image: There is no such image.")
    }

    @Test("waits for its image while the server is away")
    func serverAway() async throws {
        let images = FakeImages(refusals: [true, true].map { ImageRefusal(description: "It is away.", mayPass: $0) })
        let agent = try Agent.forTests(FakeSandboxes { process in process.exit() }, images: images)
        try await agent.lease("job-1", 0..<1, plan: plan)
        let items = await agent.outbox.items(ended: 1)
        #expect(items.map(\.summary) == ["start 0", "end 0 0"])
        #expect(images.asked.count == 3)
    }

    @Test(
        "waits for room on a full disk, whoever's its image is",
        arguments: ["us-docker.pkg.dev/p/r/i", "docker.io/library/i"])
    func fullDisk(image: String) async throws {
        let full = ImageError(.diskFull, "The layer cannot be unpacked: No space left on device.")
        let images = try await attempt(of: image, refusals: [full, full, full])
        #expect(images.asked.count == 4)
        #expect(images.released == 1)
    }

    @Test(
        "asks the server's registry with another token when it does not know the first, and strangers' once",
        arguments: [
            ("us-docker.pkg.dev/p/r/i", 2, 3, true), ("us-docker.pkg.dev/p/r/i", 3, 3, false),
            ("docker.io/library/i", 1, 1, false),
        ])
    func unknownToken(image: String, refusals: Int, asked: Int, isThere: Bool) async throws {
        let unknown = ImageError(.unauthenticated, "The token server answers 401.")
        let images = try await attempt(of: image, refusals: Array(repeating: unknown, count: refusals))
        #expect(images.asked.count == asked)
        #expect((images.released == 1) == isThere)
    }

    @Test("asks the server's registry once when it says that a permission is missing")
    func missingPermission() async throws {
        let denied = ImageError(.denied, "The image may not be read by whoever asks.")
        let images = try await attempt(of: "us-docker.pkg.dev/p/r/i", refusals: [denied])
        #expect(images.asked.count == 1)
        #expect(images.released == 0)
    }

    /// An attempt with one container has ended, whose server's registry is at `pkg.dev`.
    private func attempt(of image: String, refusals: [any Error]) async throws -> FakeImages {
        let images = FakeImages(refusals: refusals)
        let agent = try Agent.forTests(FakeSandboxes { process in process.exit() }, images: images)
        await agent.services.directions.learn(
            .with {
                $0.host = "127.0.0.1"
                $0.port = 1
                $0.domains = ["pkg.dev"]
            })
        var plan = Plan.scripts("after")
        plan.steps.insert(Step(executable: .container(Container(image: image))), at: 0)
        try await agent.lease("job-1", 0..<1, plan: plan)
        _ = await agent.outbox.items(ended: 1)
        return images
    }

    @Test("names the account that may not pull its image")
    func deniedImage() async throws {
        let denied = ImageError(.denied, "The image us-docker.pkg.dev/p/r/i may not be read.")
        let images = FakeImages(refusals: [denied, denied, denied])
        let agent = try Agent.forTests(FakeSandboxes { process in process.exit() }, images: images)
        await agent.services.directions.learn(
            .with {
                $0.host = "127.0.0.1"
                $0.port = 1
                $0.domains = ["pkg.dev"]
            })
        var plan = Plan.scripts("after")
        plan.identity = TaskIdentity(
            account: "job@p.iam.gserviceaccount.com", accountID: "1", project: "p", projectNumber: "1",
            region: "us-central1", zone: "us-central1-a", platform: .virtualMachine,
            puller: "puller@p.iam.gserviceaccount.com")
        let container = Container(image: "us-docker.pkg.dev/p/r/i")
        let access = ImageAccess(
            images: images, services: agent.services, attempt: AttemptID(jobUID: "job-1", index: 0, attempt: 0),
            plan: plan, secrets: [:], clock: ContinuousClock())
        #expect(
            access.sentence(for: denied, of: container)
                == "The image us-docker.pkg.dev/p/r/i may not be read. It is pulled as puller@p.iam.gserviceaccount.com."
        )
        let stranger = Container(image: "docker.io/library/i")
        #expect(access.sentence(for: denied, of: stranger) == denied.description)
    }

    @Test("is stopped while its image is on the way")
    func stopped() async throws {
        let images = FakeImages(isSlow: true)
        let agent = try Agent.forTests(FakeSandboxes(), images: images)
        try await agent.lease("job-1", 0..<1, plan: plan)
        await images.asking.wait()
        await agent.receive(.with { $0.stop = .with { $0.jobUid = "job-1" } })
        let items = await agent.outbox.items(ended: 1)
        #expect(items.map(\.summary) == ["start 0", "end 0 143"])
        #expect(images.released == 0)
    }
}

/// Images of nothing.
private final class FakeImages: ImageSource {
    let asking = Signal()
    private let isSlow: Bool
    private let state: Mutex<(asked: [String], released: Int, refusals: [any Error])>

    /// - Parameter refusals: what the first ones hear who ask.
    init(refusals: [any Error] = [], isSlow: Bool = false) {
        self.isSlow = isSlow
        state = Mutex(([], 0, refusals))
    }

    var asked: [String] { state.withLock { $0.asked } }
    var released: Int { state.withLock { $0.released } }

    func reach(_ registry: LandfallRegistry) async throws {}

    func image(_ reference: ImageReference, credential: RegistryCredential?) async throws -> any PinnedImage {
        let refusal = state.withLock { state in
            state.asked.append(reference.repository)
            return state.refusals.isEmpty ? nil : state.refusals.removeFirst()
        }
        asking.raise()
        if isSlow { try await Task.sleep(for: .seconds(600)) }
        if let refusal { throw refusal }
        return FakeImage { [self] in state.withLock { $0.released += 1 } }
    }
}

private struct FakeImage: PinnedImage {
    let letGo: @Sendable () -> Void

    var layers: [String] { ["/images/0"] }
    var configuration: ImageConfiguration { ImageConfiguration(command: ["run"]) }
    func release() { letGo() }
}
