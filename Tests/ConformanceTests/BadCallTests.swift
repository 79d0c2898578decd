import GRPCCore
import Schema
import SwiftProtobuf
import Testing

@Suite("A gRPC call that cannot be", .needsRoot)
struct BadCallTests {
    private typealias Request = Google_Cloud_Batch_V1_CreateJobRequest

    private static let batch = "google.cloud.batch.v1.BatchService"

    private static func request(_ change: (inout Request) -> Void) -> Request {
        var request = Request.with {
            $0.parent = "projects/demo/locations/us-central1"
            $0.job.taskGroups = [.with { $0.taskSpec.runnables = [.with { $0.script.text = "true" }] }]
        }
        change(&request)
        return request
    }

    @Test("is refused with its status and the fields in question, and nothing is created")
    func jobs() async throws {
        let group = "job.task_groups[0]"
        let cases: [(request: Request, code: RPCError.Code, fields: [String])] = [
            (Self.request { $0.job.taskGroups[0].taskCount = 0 }, .invalidArgument, [group + ".task_count"]),
            (Self.request { $0.job.taskGroups[0].taskCount = 100_001 }, .invalidArgument, [group + ".task_count"]),
            (Self.request { $0.jobID = String(repeating: "a", count: 64) }, .invalidArgument, ["job_id"]),
            (Self.request { $0.clearJob() }, .invalidArgument, ["job"]),
            (Self.request { $0.parent = "nowhere" }, .invalidArgument, ["parent"]),
            (Self.request { $0.parent = "projects/demo/locations/mars" }, .notFound, []),
            (Self.request { $0.parent = "projects/nowhere/locations/us-central1" }, .permissionDenied, []),
            (
                Self.request { $0.job.taskGroups[0].taskSpec.maxRunDuration.nanos = .max }, .invalidArgument,
                [group + ".task_spec.max_run_duration"]
            ),
            (
                Self.request { $0.job.taskGroups[0].taskSpec.maxRunDuration.seconds = .min }, .invalidArgument,
                [group + ".task_spec.max_run_duration"]
            ),
            (
                Self.request { $0.job.taskGroups[0].taskSpec.runnables[0].container.imageUri = "busy box" },
                .invalidArgument, [group + ".task_spec.runnables[0].container.image_uri"]
            ),
            (
                Self.request { $0.job.allocationPolicy.tags = Array(repeating: "X", count: 200_000) },
                .invalidArgument, (0..<12).map { "job.allocation_policy.tags[\($0)]" }
            ),
        ]
        // A field of some later version of the API: number 999, the text "a".
        let unknown: [UInt8] = [0xBA, 0x3E, 1, 0x61]
        try await Stranger.with { stranger in
            var request = Self.request { _ in }
            try request.job.taskGroups[0].merge(serializedBytes: unknown)
            let later = try #require(try await stranger.call(Self.batch, "CreateJob", try request.serializedBytes()))
            #expect(later.code == .invalidArgument && later.fields == ["job"])
            #expect(later.message.contains("number 999 of google.cloud.batch.v1.TaskGroup"))
            for (request, code, fields) in cases {
                let failure = try #require(
                    try await stranger.call(Self.batch, "CreateJob", try request.serializedBytes()))
                #expect(failure.code == code, "\(failure)")
                #expect(failure.fields == fields, "\(failure)")
                #expect(!failure.message.isEmpty)
            }
        }
    }

    @Test("is refused for its message, its size, its method or its caller")
    func calls() async throws {
        try await Stranger.with { stranger in
            let good: [UInt8] = try Self.request { _ in }.serializedBytes()
            let garbage = try await stranger.call(Self.batch, "CreateJob", [0xFF, 0xFF, 0xFF])
            #expect(garbage?.code == .invalidArgument)
            #expect(garbage?.message == "The request is not a valid google.cloud.batch.v1.CreateJobRequest.")
            let large = try await stranger.call(Self.batch, "CreateJob", Array(repeating: 0, count: 5_000_000))
            #expect(large?.code == .resourceExhausted)
            #expect(large?.message == "The message has 5000000 bytes, more than the limit of 4194304 bytes.")
            for (service, method) in [
                ("landfall.control.v1.Control", "Login"), ("landfall.control.v1.Control", "GetStatus"),
                ("landfall.agent.v1.Agents", "Connect"), (Self.batch, "CreateEverything"),
            ] {
                for host in ["batch.googleapis.com", "localhost", "control.landfall.internal"] {
                    let failure = try await stranger.call(service, method, [], host: host)
                    #expect(failure?.code == .unimplemented, "\(service)/\(method) at \(host)")
                }
            }
            for (metadata, reason) in [
                ([:], "CREDENTIALS_MISSING"), (["authorization": "Bearer x"], "ACCESS_TOKEN_TYPE_UNSUPPORTED"),
            ] as [(Metadata, String)] {
                let failure = try #require(try await stranger.call(Self.batch, "CreateJob", good, metadata: metadata))
                #expect(failure.code == .unauthenticated)
                let info = try failure.status?.details.first.map { try Google_Rpc_ErrorInfo(unpackingAny: $0) }
                #expect(info?.reason == reason)
            }
            let quota: Metadata = ["authorization": "Bearer \(stranger.token)", "x-goog-user-project": "nowhere"]
            let denied = try await stranger.call(Self.batch, "CreateJob", good, metadata: quota)
            #expect(denied?.code == .permissionDenied)
        }
    }
}
