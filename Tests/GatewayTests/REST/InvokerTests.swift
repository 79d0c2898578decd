import Access
import Gateway
import Logging
import Methods
import Schema
import Synchronization
import Testing

@Suite("A call")
struct InvokerTests {
    private typealias Job = Google_Cloud_Batch_V1_Job
    private typealias GetJob = Google_Cloud_Batch_V1_GetJobRequest

    private static let resource = Resource.other(
        service: "batch.googleapis.com", path: "projects/demo/locations/l", project: "demo")

    @Test("is checked for token, API and permission, in this order")
    func order() async throws {
        let gatekeeper = FakeGatekeeper()
        let answer = try await call(gatekeeper)
        #expect(answer.name == "user:alice@example.com")
        #expect(
            gatekeeper.asked == [
                .authenticate, .enabled(service: "batch.googleapis.com", project: "demo"),
                .decide("batch.jobs.get", Self.resource),
            ])
    }

    @Test("without a token goes no further")
    func noToken() async throws {
        let gatekeeper = FakeGatekeeper(isEnabled: false, allows: false)
        #expect(try await refusal { try await call(gatekeeper, authorization: nil) }.code == .unauthenticated)
        #expect(gatekeeper.asked == [.authenticate])
    }

    @Test("to a disabled API goes no further")
    func disabled() async throws {
        let gatekeeper = FakeGatekeeper(isEnabled: false, allows: false)
        #expect(try await refusal { try await call(gatekeeper) }.message.contains("is disabled"))
        #expect(gatekeeper.asked.count == 2)
    }

    @Test("without permission is refused in the words of its API, after the API's own check")
    func denied() async throws {
        let error = try await refusal { try await call(FakeGatekeeper(allows: false)) }
        #expect(error.code == .permissionDenied)
        #expect(error.message == "no batch.jobs.get on projects/demo/locations/l")
    }

    @Test("to an API that need not be enabled is not asked whether it is")
    func alwaysEnabled() async throws {
        let gatekeeper = FakeGatekeeper(isEnabled: false)
        _ = try await call(gatekeeper, mustBeEnabled: false)
        #expect(gatekeeper.asked == [.authenticate, .decide("batch.jobs.get", Self.resource)])
    }

    @Test("may name its project by number")
    func number() async throws {
        let gatekeeper = FakeGatekeeper()
        _ = try await call(gatekeeper, project: "123")
        #expect(gatekeeper.asked.last == .decide("batch.jobs.get", Self.resource))
    }

    @Test("may count for a project that the caller may use, which has the API enabled")
    func userProject() async throws {
        let gatekeeper = FakeGatekeeper()
        _ = try await call(gatekeeper, userProject: "123")
        #expect(
            gatekeeper.asked.prefix(3) == [
                .authenticate, .decide("serviceusage.services.use", .project("demo")),
                .enabled(service: "batch.googleapis.com", project: "demo"),
            ])
    }

    @Test(
        "that is to count for a project is refused alike when that does not exist and when it is closed to the caller",
        arguments: [("demo", false), ("nowhere", true)])
    func foreignUserProject(project: String, allows: Bool) async throws {
        let gatekeeper = FakeGatekeeper(allows: allows)
        let error = try await refusal { try await call(gatekeeper, userProject: project) }
        #expect(error.code == .permissionDenied)
        #expect(error.message.hasPrefix("Caller does not have required permission to use project \(project)."))
        #expect((error.details.first as? Google_Rpc_ErrorInfo)?.reason == "USER_PROJECT_DENIED")
    }

    @Test(
        "is refused alike for a project that does not exist and one that is closed to the caller",
        arguments: [
            "nowhere", "123",
        ])
    func unknownProject(project: String) async throws {
        let error = try await refusal { try await call(FakeGatekeeper(allows: false), project: project) }
        #expect(error.code == .permissionDenied)
        #expect(error.message == "no batch.jobs.get on projects/\(project)/locations/l")
    }

    @Test("that anyone may make needs no token")
    func anyone() async throws {
        let gatekeeper = FakeGatekeeper()
        let method = UnaryMethod<GetJob, Job>("test.Get", access: .anyone("a test")) { _, call in
            .with { $0.name = call.caller == nil ? "nobody" : "somebody" }
        }
        let job = try await invoker(gatekeeper).unary(
            method, of: api(), request: GetJob(), metadata: CallMetadata(host: "batch.googleapis.com"))
        #expect(job.name == "nobody")
        #expect(gatekeeper.asked.isEmpty)
    }

    @Test("that fails for a reason known below is answered with it, and cancellation as cancelled")
    func translation() async throws {
        struct Full: Error {}
        let error = try await refusal { try await fail(Full()) { $0 is Full ? .failedPrecondition("full") : nil } }
        #expect(error.message == "full")
        let cancelled = try await refusal { try await fail(CancellationError()) { _ in nil } }
        #expect(cancelled.code == .cancelled)
        let unknown = try await refusal { try await fail(Full()) { _ in nil } }
        #expect(unknown.code == .internalError)
        #expect(!unknown.message.contains("Full"))
    }

    @Test("of a stream is checked by its first request, and the handler still gets it")
    func stream() async throws {
        let gatekeeper = FakeGatekeeper()
        let sent = try await stream(["projects/demo/locations/l", "second", "third"], gatekeeper)
        #expect(sent == ["projects/demo/locations/l", "second", "third"])
        #expect(gatekeeper.asked.last == .decide("batch.jobs.get", Self.resource))
    }

    @Test("of a stream without a request is refused")
    func emptyStream() async throws {
        #expect(try await refusal { try await stream([], FakeGatekeeper()) }.code == .invalidArgument)
        let denied = try await refusal {
            try await stream(["projects/demo/locations/l"], FakeGatekeeper(allows: false))
        }
        #expect(denied.code == .permissionDenied)
    }

    // MARK: Calls

    private func invoker(
        _ gatekeeper: FakeGatekeeper, translate: @escaping @Sendable (any Error) -> ServiceError? = { _ in nil }
    ) -> Invoker {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return Invoker(gatekeeper: gatekeeper, logger: logger, translate: translate)
    }

    private func api(mustBeEnabled: Bool = true) -> API {
        API(
            service: "batch.googleapis.com", title: "Batch API", mustBeEnabled: mustBeEnabled,
            denied: { ServiceError(.permissionDenied, "no \($0.permission) on \($0.resource.path)") }, methods: [])
    }

    private static func permission(_ request: GetJob) -> Resource {
        let project = request.name.split(separator: "/").dropFirst().first.map(String.init) ?? ""
        return .other(service: "batch.googleapis.com", path: request.name, project: project)
    }

    private func call(
        _ gatekeeper: FakeGatekeeper, authorization: String? = FakeGatekeeper.token, project: String = "demo",
        userProject: String? = nil, mustBeEnabled: Bool = true
    ) async throws -> Job {
        let method = UnaryMethod<GetJob, Job>(
            "test.Get", access: .permission("batch.jobs.get", on: Self.permission)
        ) { _, call in
            try .with { $0.name = try call.principal().member }
        }
        return try await invoker(gatekeeper).unary(
            method, of: api(mustBeEnabled: mustBeEnabled),
            request: .with { $0.name = "projects/\(project)/locations/l" },
            metadata: CallMetadata(
                authorization: authorization, userProject: userProject, host: "batch.googleapis.com"))
    }

    private func fail(
        _ error: any Error, translate: @escaping @Sendable (any Error) -> ServiceError?
    ) async throws -> Job {
        let method = UnaryMethod<GetJob, Job>("test.Get", access: .anyone("a test")) { _, _ in throw error }
        return try await invoker(FakeGatekeeper(), translate: translate).unary(
            method, of: api(), request: GetJob(), metadata: CallMetadata(host: "batch.googleapis.com"))
    }

    private func stream(_ names: [String], _ gatekeeper: FakeGatekeeper) async throws -> [String] {
        let method = StreamMethod<GetJob, Job>(
            "test.Stream", access: .permission("batch.jobs.get", on: Self.permission)
        ) { requests, send, _ in
            for try await request in requests { try await send(.with { $0.name = request.name }) }
        }
        let requests = AsyncThrowingStream<GetJob, any Error> { continuation in
            for name in names { continuation.yield(.with { $0.name = name }) }
            continuation.finish()
        }
        let sent = Sent()
        try await invoker(gatekeeper).stream(
            method, of: api(), requests: requests,
            metadata: CallMetadata(authorization: FakeGatekeeper.token, host: "batch.googleapis.com")
        ) { job in sent.names.withLock { $0.append(job.name) } }
        return sent.names.withLock { $0 }
    }

    private final class Sent: Sendable {
        let names = Mutex<[String]>([])
    }

    private func refusal(_ body: () async throws -> some Sendable) async throws -> ServiceError {
        try #require(await #expect(throws: ServiceError.self) { _ = try await body() })
    }
}
