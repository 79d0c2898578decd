import Access
import GRPCCore
import GRPCProtobuf
import Gateway
import Methods
import Schema
import Testing

@Suite("Whoever listens to calls", .timeLimit(.minutes(10)))
struct CallObserverTests {
    private typealias Job = Google_Cloud_Batch_V1_Job
    private typealias GetJob = Google_Cloud_Batch_V1_GetJobRequest

    private static let place = Resource.other(
        service: "batch.googleapis.com", path: "projects/demo/locations/l", project: "demo")

    @Test("hears who called what, from where, and how it was checked")
    func success() async throws {
        let listeners = Listeners()
        _ = try await call(listeners, project: "123", origin: CallOrigin(address: "192.0.2.1", userAgent: "curl"))
        let call = try #require(listeners.calls.first)
        #expect(listeners.calls.count == 1)
        #expect(call.service == "batch.googleapis.com")
        #expect(call.method == "test.Get")
        #expect(call.caller?.principal == FakeGatekeeper.alice)
        #expect(call.origin == CallOrigin(address: "192.0.2.1", userAgent: "curl"))
        #expect((call.request as? GetJob)?.name == "projects/123/locations/l")
        #expect(call.error == nil)
        let check = try #require(call.checks.first)
        #expect(check.permission == "batch.jobs.get")
        #expect(check.resource == Self.place)
        #expect(check.named.path == "projects/123/locations/l")
        #expect(check.decision.isAllowed)
    }

    @Test("hears of what a handler checks, in order, up to a bound")
    func handlerChecks() async throws {
        let listeners = Listeners()
        _ = try await call(listeners) { call in
            for number in 1...CallRecord.mostChecks {
                try await call.require("iam.serviceAccounts.actAs", on: .project("p\(number)"))
            }
        }
        let checks = try #require(listeners.calls.first?.checks)
        #expect(checks.count == CallRecord.mostChecks)
        #expect(checks.first?.permission == "batch.jobs.get")
        #expect(checks.last?.resource == .project("p\(CallRecord.mostChecks - 1)"))
    }

    @Test("hears of failures with what the caller is told")
    func failure() async throws {
        let listeners = Listeners()
        await #expect(throws: ServiceError.self) {
            _ = try await call(listeners) { _ in throw ServiceError.notFound("no such job") }
        }
        #expect(listeners.calls.first?.error?.message == "no such job")
        #expect(listeners.refusals.isEmpty)
        await #expect(throws: ServiceError.self) { _ = try await call(listeners, authorization: nil) }
        #expect(listeners.calls.last?.caller == nil)
        #expect(listeners.calls.last?.error?.code == .unauthenticated)
        #expect(listeners.calls.last?.checks.isEmpty == true)
    }

    @Test("gives a refusal an id, which the caller gets in its details")
    func refusal() async throws {
        let listeners = Listeners()
        let error = try #require(
            await #expect(throws: ServiceError.self) {
                _ = try await call(listeners, gatekeeper: FakeGatekeeper(allows: false))
            })
        #expect(listeners.refusals.map(\.permission) == ["batch.jobs.get"])
        let info = try #require(error.details.compactMap { $0 as? Google_Rpc_ErrorInfo }.first)
        #expect(info.reason == "IAM_PERMISSION_DENIED")
        #expect(info.metadata["denialId"] == "proof-1")
        let link = try #require(error.details.compactMap { $0 as? Google_Rpc_Help }.first?.links.first)
        #expect(link.description_p.contains("landfall why proof-1"))
        #expect(link.url == "https://access.landfall.test/v1/denials/proof-1")
        #expect(listeners.calls.first?.error?.details.count == error.details.count)
    }

    @Test(
        "keeps a refused quota project apart from what the call does, alike for one that does not exist",
        arguments: ["demo", "nowhere"])
    func userProject(project: String) async throws {
        let listeners = Listeners()
        await #expect(throws: ServiceError.self) {
            _ = try await call(listeners, gatekeeper: FakeGatekeeper(allows: false), userProject: project)
        }
        #expect(listeners.calls.first?.checks.isEmpty == true)
        #expect(listeners.refusals.map(\.permission) == ["serviceusage.services.use"])
        #expect(listeners.refusals.map(\.named) == [.project(project)])
    }

    @Test("costs a call nothing where there is none")
    func nobody() async throws {
        let invoker = Invoker(gatekeeper: FakeGatekeeper(), logger: .init(label: "test"))
        let method = UnaryMethod<GetJob, Job>("test.Get", access: .anyCaller("a test")) { _, call in
            #expect(call.record == nil)
            return Job()
        }
        _ = try await invoker.unary(
            method, of: Self.api([]), request: GetJob(),
            metadata: CallMetadata(authorization: FakeGatekeeper.token, host: ""))
    }

    @Test("hears of the address and the program of clients, over REST and gRPC")
    func origins() async throws {
        let listeners = Listeners()
        let method = UnaryMethod<GetJob, Job>(
            "google.cloud.batch.v1.BatchService.GetJob", .get("/v1/{name=projects/*/locations/*/jobs/*}"),
            access: .anyone("a test")
        ) { request, _ in .with { $0.name = request.name } }
        let api = Self.api([method])
        let invoker = listeners.invoker()
        let responder = try RESTResponder(table: APITable(apis: [api], universes: []), invoker: invoker)
        try await TestGateway.with(
            apis: [api], rest: { await responder.respond(to: $0, host: $1, from: $2.address) }, invoker: invoker
        ) { (gateway) async throws in
            let name = "projects/demo/locations/l/jobs/j"
            let answer = try await RawClient.exchange(
                port: gateway.port,
                "GET /v1/\(name) HTTP/1.1\r\nHost: batch.googleapis.com\r\nUser-Agent: \(String(repeating: "x", count: 600))\r\n"
                    + "Connection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200"))
            _ = try await gateway.call { try await getJob($0, name) }
            _ = try await gateway.call(.unix) { try await getJob($0, name, metadata: ["user-agent": "test"]) }
        }
        #expect(listeners.calls.map(\.origin.address) == ["127.0.0.1", "127.0.0.1", nil])
        #expect(listeners.calls.first?.origin.userAgent == String(repeating: "x", count: 500))
        #expect(listeners.calls.last?.origin.userAgent == "test")
        #expect(listeners.calls.allSatisfy { $0.requestBytes > 0 })
    }

    @Test("has its id in the answer on both ways")
    func answers() async throws {
        let listeners = Listeners()
        let method = UnaryMethod<GetJob, Job>(
            "google.cloud.batch.v1.BatchService.GetJob", .get("/v1/{name=projects/*/locations/*/jobs/*}"),
            access: .permission("batch.jobs.get") { _ in Self.place }
        ) { _, _ in Job() }
        let api = Self.api([method])
        let invoker = listeners.invoker(FakeGatekeeper(allows: false))
        let responder = try RESTResponder(table: APITable(apis: [api], universes: []), invoker: invoker)
        try await TestGateway.with(
            apis: [api], rest: { await responder.respond(to: $0, host: $1, from: $2.address) }, invoker: invoker
        ) { (gateway) async throws in
            let name = "projects/demo/locations/l/jobs/j"
            let answer = try await RawClient.exchange(
                port: gateway.port,
                "GET /v1/\(name) HTTP/1.1\r\nHost: batch.googleapis.com\r\nAuthorization: \(FakeGatekeeper.token)\r\n"
                    + "Connection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 403"))
            #expect(answer.contains(#""denialId": "proof-1""#))
            let error = try await gateway.call { client in
                await #expect(throws: RPCError.self) {
                    _ = try await getJob(client, name, metadata: ["authorization": "\(FakeGatekeeper.token)"])
                }
            }
            let details = try #require(try error?.unpackGoogleRPCStatus()).details
            #expect(details.contains { $0.errorInfo?.metadata["denialId"] == "proof-1" })
            #expect(details.contains { $0.help?.links.first?.linkDescription.contains("why proof-1") == true })
        }
    }

    // MARK: Calls

    private static func api(_ methods: [any Methods.Method]) -> API {
        API(service: "batch.googleapis.com", title: "Batch API", methods: methods)
    }

    /// Calls a method that needs `batch.jobs.get` and then does what the handler does.
    private func call(
        _ listeners: Listeners, gatekeeper: FakeGatekeeper = FakeGatekeeper(), project: String = "demo",
        authorization: String? = FakeGatekeeper.token, userProject: String? = nil, origin: CallOrigin = CallOrigin(),
        handler: @escaping @Sendable (Call) async throws -> Void = { _ in }
    ) async throws -> Job {
        let method = UnaryMethod<GetJob, Job>(
            "test.Get",
            access: .permission("batch.jobs.get") { request in
                .other(
                    service: "batch.googleapis.com", path: request.name,
                    project: String(request.name.split(separator: "/")[1]))
            }
        ) { _, call in
            try await handler(call)
            return Job()
        }
        return try await listeners.invoker(gatekeeper).unary(
            method, of: Self.api([]), request: .with { $0.name = "projects/\(project)/locations/l" },
            metadata: CallMetadata(
                authorization: authorization, userProject: userProject, host: "batch.googleapis.com", origin: origin))
    }
}
