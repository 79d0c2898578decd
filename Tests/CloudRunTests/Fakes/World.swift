import Access
import Directory
import DirectorySupport
import Foundation
import Methods
import Requests
import Schema
import Store
import SwiftProtobuf
import Workload

@testable import CloudRun

/// The Cloud Run API over a real directory and a real store, called the way the gateway calls it.
final class World {
    static let alice = Principal.user("alice@example.com")
    static let parent = "projects/demo/locations/us-central1"
    static let agent = "service-123456789012@serverless-robot-prod.iam.gserviceaccount.com"
    static let defaultAccount = "123456789012-compute@developer.gserviceaccount.com"

    let directory: Directory
    let store: SQLiteStore
    let engine: FakeEngine
    let clock = Clock()
    let images = FakeImages()
    var hostDirectories = HostDirectories()
    var caller = World.alice
    var host = "us-central1-run.googleapis.com"
    private let path: String

    /// One project, `demo`, whose owner is alice unless other roles are named.
    init(alice roles: [String] = ["roles/owner"]) async throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("landfall-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        store = try SQLiteStore(path: "\(path)/state.sqlite")
        engine = FakeEngine(store: store, clock: clock)
        directory = try await Directory.ofExample()
        let demo = try await directory.addProject("demo", number: "123456789012")
        try await directory.change { try $0.enable([CloudRunAPI.service], in: demo, at: Date()) }
        for role in roles { try await directory.grant(role, to: "user:alice@example.com") }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var context: CloudRunContext {
        let clock = clock
        return CloudRunContext(
            engine: engine, executions: store, jobs: store, directory: directory, images: images,
            hostDirectories: hostDirectories, now: { clock.tick() })
    }

    /// Calls a method by its full name, after the check that its row demands.
    func call<Request, Response>(_ name: String, _ request: Request, as response: Response.Type) async throws
        -> Response
    where Request: Message & Sendable, Response: Message & Sendable {
        let api = CloudRunAPI.api(context)
        let found = api.methods.first { $0.name == name } as? UnaryMethod<Request, Response>
        guard let method = found else { throw ServiceError(.unimplemented, name) }
        let call = Call(
            caller: Caller(principal: caller, expiresAt: .distantFuture), method: name, host: host, time: clock.now,
            gatekeeper: DirectoryGatekeeper(directory: directory))
        if case .permission(let permission, let resource) = method.access {
            try await call.admit(permission, on: resource(request), service: nil, orThrow: api.denied)
        }
        return try await method.handler(request, call)
    }

    /// Makes a secret that an account may read.
    func addSecret(_ id: String, readBy account: String? = World.defaultAccount) async throws {
        let resource = Resource.secret(id, project: "demo")
        try await directory.change { draft in
            try draft.put(SecretRecord(resource, uid: UUID().uuidString, createdAt: Date()))
        }
        guard let account else { return }
        try await directory.grant("roles/secretmanager.secretAccessor", to: "serviceAccount:\(account)", on: resource)
    }

    func name(_ execution: String) -> JobName {
        JobName(api: .run, project: "demo", location: "us-central1", id: execution)
    }

    /// A job with one container and what else a test says of its task.
    static func job(_ task: String = "", template: String = "") -> String {
        """
        {"template":{\(template)"template":{\(task)"containers":[{"image":"busybox"}]}}}
        """
    }
}

/// Images of `us-central1-docker.pkg.dev`: all but those called `missing`.
struct FakeImages: ImageCatalogue {
    func location(of image: String) -> ImageLocation? {
        ImageLocation(image, at: RegistryHosts(universe: "landfall.test"))
    }
    func contains(_ image: ImageLocation) async throws -> Bool { image.name.text != "missing" }
}

// The methods of v2.

extension World {
    @discardableResult
    func create(_ json: String = World.job(), id: String = "report", validateOnly: Bool = false) async throws
        -> V2.Operation
    {
        let request = try Google_Cloud_Run_V2_CreateJobRequest.with {
            $0.parent = Self.parent
            $0.jobID = id
            $0.validateOnly = validateOnly
            $0.job = try V2.Job(jsonString: json)
        }
        return try await call("google.cloud.run.v2.Jobs.CreateJob", request, as: V2.Operation.self)
    }

    func update(
        _ json: String, id: String = "report", etag: String = "", allowMissing: Bool = false, validateOnly: Bool = false
    ) async throws -> V2.Operation {
        let request = try Google_Cloud_Run_V2_UpdateJobRequest.with {
            $0.job = try V2.Job(jsonString: json)
            $0.job.name = "\(Self.parent)/jobs/\(id)"
            $0.job.etag = etag
            $0.allowMissing = allowMissing
            $0.validateOnly = validateOnly
        }
        return try await call("google.cloud.run.v2.Jobs.UpdateJob", request, as: V2.Operation.self)
    }

    func job(_ id: String = "report") async throws -> V2.Job {
        try await call(
            "google.cloud.run.v2.Jobs.GetJob",
            Google_Cloud_Run_V2_GetJobRequest.with { $0.name = "\(Self.parent)/jobs/\(id)" }, as: V2.Job.self)
    }

    func delete(_ id: String = "report") async throws -> V2.Operation {
        try await call(
            "google.cloud.run.v2.Jobs.DeleteJob",
            Google_Cloud_Run_V2_DeleteJobRequest.with { $0.name = "\(Self.parent)/jobs/\(id)" },
            as: V2.Operation.self)
    }

    func run(_ id: String = "report", overrides: String? = nil, validateOnly: Bool = false) async throws
        -> V2.Operation
    {
        let request = try Google_Cloud_Run_V2_RunJobRequest.with {
            $0.name = "\(Self.parent)/jobs/\(id)"
            $0.validateOnly = validateOnly
            if let overrides { $0.overrides = try V2.Overrides(jsonString: overrides) }
        }
        return try await call("google.cloud.run.v2.Jobs.RunJob", request, as: V2.Operation.self)
    }

    /// Runs a job, and returns the last part of the execution's name.
    func start(_ id: String = "report", overrides: String? = nil) async throws -> String {
        let execution = try await run(id, overrides: overrides).metadata.message(as: V2.Execution.self)
        return String(execution.name.split(separator: "/").last ?? "")
    }

    func execution(_ id: String, of job: String = "report") async throws -> V2.Execution {
        try await call(
            "google.cloud.run.v2.Executions.GetExecution",
            Google_Cloud_Run_V2_GetExecutionRequest.with { $0.name = "\(Self.parent)/jobs/\(job)/executions/\(id)" },
            as: V2.Execution.self)
    }

    func cancel(_ id: String) async throws -> V2.Operation {
        try await call(
            "google.cloud.run.v2.Executions.CancelExecution",
            Google_Cloud_Run_V2_CancelExecutionRequest.with { $0.name = "\(Self.parent)/jobs/report/executions/\(id)" },
            as: V2.Operation.self)
    }

    func tasks(of id: String) async throws -> [V2.Task] {
        try await call(
            "google.cloud.run.v2.Tasks.ListTasks",
            Google_Cloud_Run_V2_ListTasksRequest.with { $0.parent = "\(Self.parent)/jobs/report/executions/\(id)" },
            as: Google_Cloud_Run_V2_ListTasksResponse.self
        ).tasks
    }

    func operation(_ name: String) async throws -> V2.Operation {
        try await call(
            "google.longrunning.Operations.GetOperation",
            Google_Longrunning_GetOperationRequest.with { $0.name = name }, as: V2.Operation.self)
    }
}

extension Google_Protobuf_Any {
    /// The message inside.
    func message<Content: Message>(as type: Content.Type) throws -> Content { try Content(unpackingAny: self) }
}

extension ServiceError {
    /// The fields that a refusal names.
    var fields: [String] {
        details.compactMap { $0 as? Google_Rpc_BadRequest }.flatMap { $0.fieldViolations.map(\.field) }
    }
}
