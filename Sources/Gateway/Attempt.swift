import FoundationEssentials
import Methods
import SwiftProtobuf

/// A call under way.
struct Attempt {
    let service: String
    let method: String
    let metadata: CallMetadata
    /// When it arrived.
    let time = Date()
    /// Nil for streams.
    let request: (any Message & Sendable)?
    /// Nil when nobody wants to hear of it.
    let record: CallRecord?

    /// The call with its end.
    func ended(_ error: ServiceError?, _ record: CallRecord) -> EndedCall {
        EndedCall(
            service: service, method: method, caller: record.caller, origin: metadata.origin, time: time,
            request: request, requestBytes: metadata.requestBytes, checks: record.checks, error: error)
    }
}

extension Invoker {
    /// Begins a call.
    func attempt(
        at method: String, of api: API, _ request: (any Message & Sendable)?, _ metadata: CallMetadata
    ) -> Attempt {
        Attempt(
            service: api.service, method: method, metadata: metadata, request: request,
            record: observer == nil && denials == nil ? nil : CallRecord())
    }

    /// Tells of a call that succeeded.
    func succeeded(_ attempt: Attempt) async {
        guard let observer, let record = attempt.record else { return }
        await observer.callEnded(attempt.ended(nil, record))
    }

    /// Tells of a call that failed.
    ///
    /// - Returns: what the wire may say of the error; of a refusal also how it can be looked up.
    func failed(_ attempt: Attempt, _ error: any Error) async -> ServiceError {
        var error = serviceError(for: error, method: attempt.method)
        guard let record = attempt.record else { return error }
        if let denials, error.code == .permissionDenied, let refusal = record.refusal,
            let reference = await denials.record(refusal, of: attempt.ended(error, record))
        {
            error = error.citing(reference)
        }
        await observer?.callEnded(attempt.ended(error, record))
        return error
    }
}
