import Access
import Directory
import DirectorySupport
import Dispatcher
import Foundation
import JobSupport
import Methods
import Schema
import Store
import SwiftProtobuf
import Synchronization
import Workload

@testable import Batch

/// The Batch API over fakes, called the way the gateway calls it.
struct World {
    static let alice = Principal.user("alice@example.com")
    static let start = Date(timeIntervalSince1970: 1_767_225_600)
    static let parent = "projects/demo/locations/us-central1"

    let jobs: MemoryJobs
    /// Decides instead of the fakes, where there is one.
    let directory: Directory?
    var gatekeeper = FakeGatekeeper.all
    var caller = World.alice
    var hostDirectories = HostDirectories()
    private let clock = Clock()

    init(jobs: MemoryJobs = MemoryJobs(), directory: Directory? = nil) {
        self.jobs = jobs
        self.directory = directory
    }

    var api: API {
        let clock = clock
        let accounts: any BatchDirectory = directory.map { FakeAccounts(directory: $0) } ?? FakeDirectory()
        return BatchAPI.api(
            BatchContext(
                engine: jobs, jobs: jobs, directory: accounts, hostDirectories: hostDirectories,
                now: { clock.tick() }))
    }

    /// Calls a method by its full name, after the check that its row demands.
    func call<Request, Response>(_ name: String, _ request: Request, as response: Response.Type) async throws
        -> Response
    where Request: Message & Sendable, Response: Message & Sendable {
        let found = api.methods.first { $0.name == name } as? UnaryMethod<Request, Response>
        guard let method = found else { throw ServiceError(.unimplemented, name) }
        let call = Call(
            caller: Caller(principal: caller, expiresAt: .distantFuture), method: name, host: "batch.googleapis.com",
            time: Self.start, gatekeeper: directory.map { DirectoryGatekeeper(directory: $0) } ?? gatekeeper)
        if case .permission(let permission, let resource) = method.access {
            try await call.require(permission, on: resource(request), orThrow: api.denied)
        }
        return try await method.handler(request, call)
    }

    @discardableResult
    func create(_ json: String = Self.hello, id: String = "hello", requestID: String = "", parent: String = Self.parent)
        async throws -> Wire.Job
    {
        let request = try Google_Cloud_Batch_V1_CreateJobRequest.with {
            $0.parent = parent
            $0.jobID = id
            $0.requestID = requestID
            $0.job = try Wire.Job(jsonString: json)
        }
        return try await call("google.cloud.batch.v1.BatchService.CreateJob", request, as: Wire.Job.self)
    }

    func get(_ name: String) async throws -> Wire.Job {
        try await call(
            "google.cloud.batch.v1.BatchService.GetJob", Google_Cloud_Batch_V1_GetJobRequest.with { $0.name = name },
            as: Wire.Job.self)
    }

    func list(_ configure: (inout Google_Cloud_Batch_V1_ListJobsRequest) -> Void = { _ in }) async throws
        -> Google_Cloud_Batch_V1_ListJobsResponse
    {
        var request = Google_Cloud_Batch_V1_ListJobsRequest.with { $0.parent = Self.parent }
        configure(&request)
        return try await call(
            "google.cloud.batch.v1.BatchService.ListJobs", request, as: Google_Cloud_Batch_V1_ListJobsResponse.self)
    }

    func listTasks(_ configure: (inout Google_Cloud_Batch_V1_ListTasksRequest) -> Void = { _ in }) async throws
        -> Google_Cloud_Batch_V1_ListTasksResponse
    {
        var request = Google_Cloud_Batch_V1_ListTasksRequest.with {
            $0.parent = "\(Self.parent)/jobs/hello/taskGroups/group0"
        }
        configure(&request)
        return try await call(
            "google.cloud.batch.v1.BatchService.ListTasks", request, as: Google_Cloud_Batch_V1_ListTasksResponse.self)
    }

    /// The documented job, as root.
    static let hello = """
        {"taskGroups":[{"taskSpec":{"runnables":[{"script":{"text":"echo Hello World! This is task $BATCH_TASK_INDEX."}}]},
        "taskCount":3}],"logsPolicy":{"destination":"CLOUD_LOGGING"}}
        """

    /// The same with more fields in the task group.
    static func hello(group fields: String) -> String {
        hello.replacingOccurrences(of: "\"taskCount\":3", with: "\"taskCount\":3,\(fields)")
    }
}

/// A clock that moves on by a second whenever it is read.
private final class Clock: Sendable {
    private let seconds = Mutex(0.0)

    func tick() -> Date {
        seconds.withLock { seconds in
            defer { seconds += 1 }
            return World.start.addingTimeInterval(seconds)
        }
    }
}

extension ServiceError {
    /// The fields that a refusal names.
    var fields: [String] {
        details.compactMap { $0 as? Google_Rpc_BadRequest }.flatMap { $0.fieldViolations.map(\.field) }
    }

    /// What programs read of a refusal.
    var info: Google_Rpc_ErrorInfo? { details.compactMap { $0 as? Google_Rpc_ErrorInfo }.first }
}
