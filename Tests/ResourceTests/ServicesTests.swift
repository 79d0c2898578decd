import Access
import Methods
import Schema
import SwiftProtobuf
import Testing

private typealias Operation = Google_Longrunning_Operation
private typealias Service = Google_Api_Serviceusage_V1_Service

@Suite("Services of Service Usage")
struct ServicesTests {
    private let fixture = try? Fixture()

    private func installed() async throws -> Fixture {
        let fixture = try #require(fixture)
        _ = try await fixture.install()
        return fixture
    }

    private func enable(_ fixture: Fixture, _ name: String, as email: String = "alice@example.com") async throws
        -> Operation
    {
        try await fixture.call(
            "ServiceUsage.EnableService", Google_Api_Serviceusage_V1_EnableServiceRequest.with { $0.name = name },
            as: email)
    }

    private func disable(_ fixture: Fixture, _ name: String) async throws -> Operation {
        try await fixture.call(
            "ServiceUsage.DisableService", Google_Api_Serviceusage_V1_DisableServiceRequest.with { $0.name = name })
    }

    private func get(_ fixture: Fixture, _ name: String) async throws -> Service {
        try await fixture.call(
            "ServiceUsage.GetService", Google_Api_Serviceusage_V1_GetServiceRequest.with { $0.name = name })
    }

    @Test("are enabled and disabled at once, with an operation that is done")
    func enableAndDisable() async throws {
        let fixture = try await installed()
        let pubsub = "projects/demo/services/pubsub.googleapis.com"
        #expect(try await get(fixture, pubsub).state == .disabled)
        for _ in 0..<2 {
            let operation = try await enable(fixture, pubsub)
            #expect(operation.done)
            let response = try Google_Api_Serviceusage_V1_EnableServiceResponse(unpackingAny: operation.response)
            #expect(response.service.state == .enabled)
            #expect(response.service.config.title == "Cloud Pub/Sub API")
            #expect(operation.name == "operations/noop.DONE_OPERATION")
        }
        #expect(try await get(fixture, pubsub).state == .enabled)
        #expect(fixture.directory.state.isEnabled("pubsub.googleapis.com", inProject: "demo"))

        #expect(try await disable(fixture, pubsub).done)
        #expect(try await get(fixture, pubsub).state == .disabled)
        let error = await #expect(throws: ServiceError.self) { _ = try await disable(fixture, pubsub) }
        #expect(error?.code == .failedPrecondition)
    }

    @Test("have operations that can be asked for again")
    func operations() async throws {
        let fixture = try await installed()
        func operation(_ name: String) async throws -> Operation {
            try await fixture.call(
                "Operations.GetOperation", Google_Longrunning_GetOperationRequest.with { $0.name = name },
                at: "serviceusage.googleapis.com")
        }
        // Clients take an operation that is done without a response for a broken one.
        #expect(try await operation("operations/noop.DONE_OPERATION").result != nil)
        let error = await #expect(throws: ServiceError.self) { _ = try await operation("operations/other") }
        #expect(error?.code == .notFound)
    }

    @Test("that nobody knows are refused in Google's words")
    func unknown() async throws {
        let fixture = try await installed()
        let error = await #expect(throws: ServiceError.self) {
            _ = try await enable(fixture, "projects/demo/services/made.up")
        }
        #expect(error?.code == .permissionDenied)
        #expect(error?.message == "Not found or permission denied for service(s): made.up.")
        let info = error?.details.first as? Google_Rpc_ErrorInfo
        #expect(info?.reason == "SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED")
    }

    @Test(
        "must be named in full",
        arguments: ["", "projects/demo", "projects//services/x", "folders/1/services/run.googleapis.com"])
    func wrongName(name: String) async throws {
        let fixture = try await installed()
        let error = await #expect(throws: ServiceError.self) { _ = try await enable(fixture, name) }
        #expect(error?.code == .invalidArgument)
    }

    @Test("are enabled only by those who may")
    func forbidden() async throws {
        let fixture = try await installed()
        try await fixture.grant("roles/viewer", to: "user:bob@example.com")
        let error = await #expect(throws: ServiceError.self) {
            _ = try await enable(fixture, "projects/demo/services/run.googleapis.com", as: "bob@example.com")
        }
        #expect(error?.code == .permissionDenied)
        #expect(error?.message.contains("'serviceusage.services.enable'") == true)
    }

    private func list(
        _ fixture: Fixture, filter: String = "", size: Int32 = 0, token: String = ""
    ) async throws -> Google_Api_Serviceusage_V1_ListServicesResponse {
        try await fixture.call(
            "ServiceUsage.ListServices",
            Google_Api_Serviceusage_V1_ListServicesRequest.with {
                $0.parent = "projects/demo"
                $0.filter = filter
                $0.pageSize = size
                $0.pageToken = token
            })
    }

    @Test("are listed by state, page by page")
    func lists() async throws {
        let fixture = try await installed()
        let enabled = try await list(fixture, filter: "state:ENABLED", size: 200).services
        #expect(Set(enabled.map(\.config.name)) == fixture.directory.state.services["demo"]?.names)
        #expect(enabled.allSatisfy { $0.state == .enabled })
        let disabled = try await list(fixture, filter: "state:DISABLED").services
        let all = try await list(fixture).services
        #expect(enabled.count + disabled.count == all.count)

        var names: [String] = []
        var token = ""
        repeat {
            let page = try await list(fixture, size: 5, token: token)
            #expect(page.services.count <= 5)
            names += page.services.map(\.config.name)
            token = page.nextPageToken
        } while !token.isEmpty
        #expect(names == all.map(\.config.name))

        for (filter, size, token) in [("state:ODD", Int32(0), ""), ("", -1, ""), ("", 0, "garbage")] {
            let error = await #expect(throws: ServiceError.self) {
                _ = try await list(fixture, filter: filter, size: size, token: token)
            }
            #expect(error?.code == .invalidArgument)
        }
    }

    @Test("are enabled all together or not at all")
    func batch() async throws {
        let fixture = try await installed()
        func enable(_ services: [String]) async throws -> Operation {
            try await fixture.call(
                "ServiceUsage.BatchEnableServices",
                Google_Api_Serviceusage_V1_BatchEnableServicesRequest.with {
                    $0.parent = "projects/demo"
                    $0.serviceIds = services
                })
        }
        let before = try #require(fixture.directory.state.services["demo"]).names
        for services in [["run.googleapis.com", "made.up"], [], Array(repeating: "run.googleapis.com", count: 21)] {
            await #expect(throws: ServiceError.self) { _ = try await enable(services) }
            #expect(fixture.directory.state.services["demo"]?.names == before)
        }
        #expect(try await enable(["run.googleapis.com", "storage.googleapis.com"]).done)
        let after = fixture.directory.state.services["demo"]?.names
        #expect(after == before.union(["run.googleapis.com", "storage.googleapis.com"]))

        let got: Google_Api_Serviceusage_V1_BatchGetServicesResponse = try await fixture.call(
            "ServiceUsage.BatchGetServices",
            Google_Api_Serviceusage_V1_BatchGetServicesRequest.with {
                $0.parent = "projects/demo"
                $0.names = ["run", "pubsub"].map { "projects/demo/services/\($0).googleapis.com" }
            })
        #expect(got.services.map(\.state) == [.enabled, .disabled])
    }
}
