import Methods
import Schema
import Synchronization

/// Two APIs that do what the request's name says, and share a mix-in.
struct EchoAPIs: Sendable {
    struct Secret: Error, CustomStringConvertible {
        let description = "the password is 1234"
    }

    /// Gets an element when a unary handler was cancelled, and when a stream's has ended: the end of its requests may
    /// reach it before the cancellation does.
    let ended: AsyncStream<Void>
    private let report: AsyncStream<Void>.Continuation
    /// Messages that the stream method has handed over.
    let sent = Counter()

    init() {
        (ended, report) = AsyncStream.makeStream()
    }

    var apis: [API] { [batch, logging] }

    private var batch: API {
        API(
            service: "batch.googleapis.com", title: "Batch API",
            methods: [
                UnaryMethod("google.cloud.batch.v1.BatchService.GetJob", access: .anyone("a test")) {
                    (request: Google_Cloud_Batch_V1_GetJobRequest, call) in try await getJob(request, call)
                },
                operations("batch"),
            ])
    }

    private var logging: API {
        API(
            service: "logging.googleapis.com", title: "Logging API",
            methods: [
                StreamMethod("google.logging.v2.LoggingServiceV2.TailLogEntries", access: .anyone("a test")) {
                    (
                        requests,
                        send: @escaping @Sendable (Google_Logging_V2_TailLogEntriesResponse) async throws -> Void, _
                    )
                    in try await tail(requests, send)
                },
                operations("logging"),
            ])
    }

    private func operations(_ name: String) -> any Method {
        UnaryMethod("google.longrunning.Operations.GetOperation", access: .anyone("a test")) {
            (_: Google_Longrunning_GetOperationRequest, _) in Google_Longrunning_Operation.with { $0.name = name }
        }
    }

    private func getJob(
        _ request: Google_Cloud_Batch_V1_GetJobRequest, _ call: Call
    ) async throws -> Google_Cloud_Batch_V1_Job {
        switch request.name {
        case "missing":
            let info = Google_Rpc_ErrorInfo.with { $0.reason = "GONE" }
            throw ServiceError(.notFound, "100% größer: missing", details: [info])
        case "leak": throw Secret()
        case "slow":
            do {
                try await Task.sleep(for: .seconds(60))
            } catch {
                report.yield()
                throw error
            }
        default: break
        }
        return .with {
            $0.name = request.name
            $0.uid = call.host
        }
    }

    /// Answers each request with as many entries as its filter says, of 64 KiB for the filter `flood`.
    private func tail(
        _ requests: AsyncThrowingStream<Google_Logging_V2_TailLogEntriesRequest, any Error>,
        _ send: @Sendable (Google_Logging_V2_TailLogEntriesResponse) async throws -> Void
    ) async throws {
        defer { report.yield() }
        for try await request in requests {
            let isFlood = request.filter == "flood"
            let text = isFlood ? String(repeating: "x", count: 65_536) : request.resourceNames.joined()
            let entry = Google_Logging_V2_LogEntry.with { $0.textPayload = text }
            for _ in 0..<(isFlood ? 500 : Int(request.filter) ?? 1) {
                try await send(.with { $0.entries = [entry] })
                sent.increment()
            }
        }
    }
}

/// A number that several tasks count up.
final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    func increment() {
        count.withLock { $0 += 1 }
    }
}
