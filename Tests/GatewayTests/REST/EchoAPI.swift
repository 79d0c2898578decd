import Access
import Gateway
import HTTPTypes
import HummingbirdCore
import Logging
import Methods
import NIOCore
import Schema
import SwiftProtobuf

/// Methods that answer with what they were asked, so that a test sees how a request was understood.
enum EchoAPI {
    static let batch = API(
        service: "batch.googleapis.com", title: "Batch API",
        methods: [
            UnaryMethod<Google_Cloud_Batch_V1_CreateJobRequest, Google_Cloud_Batch_V1_CreateJobRequest>(
                "google.cloud.batch.v1.BatchService.CreateJob",
                .post("/v1/{parent=projects/*/locations/*}/jobs", body: "job"), access: location(\.parent)
            ) { request, _ in request },
            UnaryMethod<Google_Cloud_Batch_V1_GetJobRequest, Google_Cloud_Batch_V1_Job>(
                "google.cloud.batch.v1.BatchService.GetJob", .get("/v1/{name=projects/*/locations/*/jobs/*}"),
                access: location(\.name)
            ) { request, _ in sampleJob(request.name) },
            UnaryMethod<Google_Cloud_Batch_V1_ListJobsRequest, Google_Cloud_Batch_V1_ListJobsRequest>(
                "google.cloud.batch.v1.BatchService.ListJobs", .get("/v1/{parent=projects/*/locations/*}/jobs"),
                access: location(\.parent)
            ) { request, _ in request },
            UnaryMethod<Google_Cloud_Batch_V1_CancelJobRequest, Google_Cloud_Batch_V1_CancelJobRequest>(
                "google.cloud.batch.v1.BatchService.CancelJob",
                .post("/v1/{name=projects/*/locations/*/jobs/*}:cancel", body: "*"), access: location(\.name)
            ) { request, _ in request },
            UnaryMethod<Google_Cloud_Batch_V1_DeleteJobRequest, Google_Longrunning_Operation>(
                "google.cloud.batch.v1.BatchService.DeleteJob", .delete("/v1/{name=projects/*/locations/*/jobs/*}"),
                access: location(\.name)
            ) { request, _ in try operation(request.name) },
        ])

    static let other = API(
        service: "logging.googleapis.com", title: "Logging API", mustBeEnabled: false,
        methods: [
            UnaryMethod<Google_Logging_V2_WriteLogEntriesRequest, Google_Logging_V2_WriteLogEntriesRequest>(
                "google.logging.v2.LoggingServiceV2.WriteLogEntries", .post("/v2/entries:write", body: "*"),
                access: .anyCaller("a test")
            ) { request, _ in request },
            UnaryMethod<Google_Iam_V1_GetIamPolicyRequest, Google_Iam_V1_GetIamPolicyRequest>(
                "google.iam.v1.IAMPolicy.GetIamPolicy", .get("/v2/{resource=projects/*/logs/*}:getIamPolicy"),
                access: .anyCaller("a test")
            ) { request, _ in request },
            UnaryMethod<Google_Iam_Admin_V1_ListRolesRequest, Google_Iam_Admin_V1_ListRolesRequest>(
                "google.iam.admin.v1.IAM.ListRoles", .get("/v2/roles"), access: .anyCaller("a test")
            ) { request, _ in request },
            UnaryMethod<Google_Protobuf_Empty, Google_Protobuf_Empty>(
                "test.Fail", .post("/v2/fail"), access: .anyone("a test")
            ) { _, _ in throw Unforeseen() },
        ])

    struct Unforeseen: Error {}

    static func location<Request: Message & Sendable>(
        _ name: @escaping @Sendable (Request) -> String
    ) -> AccessRule<Request> {
        .permission("batch.jobs.test") { request in
            let words = name(request).split(separator: "/")
            return .other(
                service: "batch.googleapis.com", path: words.prefix(4).joined(separator: "/"), project: String(words[1])
            )
        }
    }

    private static func sampleJob(_ name: String) -> Google_Cloud_Batch_V1_Job {
        .with {
            $0.name = name
            $0.priority = 7
            $0.labels = ["b": "2", "a": "1"]
            $0.logsPolicy.destination = .cloudLogging
            $0.taskGroups = [
                .with {
                    $0.taskCount = 3
                    $0.taskSpec.maxRunDuration.seconds = 3600
                }
            ]
        }
    }

    private static func operation(_ target: String) throws -> Google_Longrunning_Operation {
        try .with {
            $0.name = "operation-1"
            $0.metadata = try Google_Protobuf_Any(
                message: Google_Cloud_Batch_V1_OperationMetadata.with { $0.target = target })
            $0.done = true
            $0.response = try Google_Protobuf_Any(message: Google_Protobuf_Empty())
        }
    }
}

/// A REST answer, read to its end.
struct Answer {
    let status: Int
    let headers: HTTPFields
    let text: String
}

/// Sends requests to a responder over both echo APIs, without a socket.
struct RESTClient {
    let responder: RESTResponder

    init(gatekeeper: FakeGatekeeper = FakeGatekeeper(), limits: RESTResponder.Limits = .init()) throws {
        responder = try RESTResponder(
            table: APITable(apis: [EchoAPI.batch, EchoAPI.other], universes: ["landfall.test"]),
            invoker: Invoker(gatekeeper: gatekeeper, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }),
            limits: limits)
    }

    /// - Parameter query: Added to the path; asks for compact JSON unless a test says otherwise.
    func send(
        _ method: HTTPRequest.Method, _ path: String, query: String = "prettyPrint=false", body: String = "",
        bytes: [UInt8]? = nil, headers: HTTPFields = [:], authorization: String? = FakeGatekeeper.token,
        host: String = "batch.googleapis.com"
    ) async throws -> Answer {
        var headers = headers
        headers[.authorization] = authorization
        let target = query.isEmpty ? path : "\(path)?\(query)"
        let head = HTTPRequest(method: method, scheme: "https", authority: host, path: target, headerFields: headers)
        let request = Request(head: head, body: .init(buffer: ByteBuffer(bytes: bytes ?? Array(body.utf8))))
        let response = await responder.respond(to: request, host: host)
        let writer = Collector()
        try await response.body.write(writer)
        return Answer(status: response.status.code, headers: response.headers, text: await writer.store.text)
    }

    private actor Store {
        private(set) var text = ""
        func append(_ piece: String) { text += piece }
    }

    private struct Collector: ResponseBodyWriter {
        let store = Store()
        mutating func write(_ buffer: ByteBuffer) async throws { await store.append(String(buffer: buffer)) }
        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}
