import Access
import FoundationEssentials
import Logging
import Methods
import Schema
import SwiftProtobuf

/// Calls the handler of a method, after the checks that its row asks for. REST and gRPC both call through it.
///
/// The order of the checks is what callers of Google's APIs observe: the token, whether the project has enabled
/// the API, the permission; only then the handler, which validates the request and looks for what it names.
public struct Invoker: Sendable {
    private let gatekeeper: any Gatekeeper
    private let logger: Logger
    let observer: (any CallObserver)?
    let denials: (any DenialRecorder)?
    private let translate: @Sendable (any Error) -> ServiceError?
    /// Enough for writers to share commits.
    private let turns = CallTurns(limit: 32)

    /// - Parameters:
    ///   - gatekeeper: Knows tokens, policies and enabled services.
    ///   - logger: Where errors go that no client may see.
    ///   - observer: Hears of every call.
    ///   - denials: Keeps refusals; they then say how they can be looked up.
    ///   - translate: The answer for an error of a layer that the gateway does not know, such as a full disk; nil
    ///     for one that has none.
    public init(
        gatekeeper: any Gatekeeper, logger: Logger, observer: (any CallObserver)? = nil,
        denials: (any DenialRecorder)? = nil,
        translate: @escaping @Sendable (any Error) -> ServiceError? = { _ in nil }
    ) {
        self.gatekeeper = gatekeeper
        self.logger = logger
        self.observer = observer
        self.denials = denials
        self.translate = translate
    }

    /// Answers one request.
    ///
    /// - Throws: ``Methods/ServiceError`` and nothing else.
    public func unary<Req, Res>(
        _ method: UnaryMethod<Req, Res>, of api: API, request: Req, metadata: CallMetadata
    ) async throws -> Res {
        let attempt = attempt(at: method.name, of: api, request, metadata)
        do {
            let call = try await admit(method, of: api, attempt) { request }
            let response: Res
            if let caller = call.caller {
                response = try await turns.run(for: caller.principal.member) { try await method.handler(request, call) }
            } else {
                response = try await method.handler(request, call)
            }
            await succeeded(attempt)
            return response
        } catch {
            throw await failed(attempt, error)
        }
    }

    /// Answers a stream of requests; returns when the handler has nothing more to send.
    ///
    /// A row that checks a permission waits for the first request, which the handler then receives as its first.
    ///
    /// - Parameter send: Called for each response, in order; waits while the peer is slow.
    /// - Throws: ``Methods/ServiceError`` and nothing else.
    public func stream<Req, Res>(
        _ method: StreamMethod<Req, Res>, of api: API, requests: AsyncThrowingStream<Req, any Error>,
        metadata: CallMetadata, send: @escaping @Sendable (Res) async throws -> Void
    ) async throws {
        let attempt = attempt(at: method.name, of: api, nil, metadata)
        do {
            let replayed = ReplayedStream(requests)
            let call = try await admit(method, of: api, attempt) {
                guard let first = try await replayed.first() else {
                    throw ServiceError.invalidArgument("The stream ended before its first request.")
                }
                return first
            }
            try await method.handler(replayed.all(), send, call)
            await succeeded(attempt)
        } catch {
            throw await failed(attempt, error)
        }
    }

    /// Makes the checks of a row, in order.
    ///
    /// - Parameter request: The request that names the resource; asked for only when the row needs it.
    private func admit<Row: Methods.Method>(
        _ row: Row, of api: API, _ attempt: Attempt, request: () async throws -> Row.Request
    ) async throws -> Call {
        let context = RequestContext(time: attempt.time)
        var caller: Caller?
        if case .anyone = row.access {
        } else {
            caller = try await gatekeeper.authenticate(
                authorization: attempt.metadata.authorization, service: api.service)
            attempt.record?.caller = caller
        }
        if let caller, let userProject = attempt.metadata.userProject, !userProject.isEmpty {
            try await check(caller.principal, mayUse: userProject, for: api, in: context, attempt.record)
        }
        if let caller, case .permission(let permission, let resource) = row.access {
            let named = try resource(try await request())
            try await gatekeeper.admit(
                caller.principal, permission, on: named, service: api.mustBeEnabled ? api.service : nil,
                in: context, record: attempt.record, orThrow: api.denied)
        }
        return Call(
            caller: caller, method: row.name, host: attempt.metadata.host, time: attempt.time, gatekeeper: gatekeeper,
            record: attempt.record)
    }

    /// Checks the project that a caller wants a call to count for (Google's quota project): the caller may use it,
    /// and it has enabled the API.
    private func check(
        _ principal: Principal, mayUse project: String, for api: API, in context: RequestContext, _ record: CallRecord?
    ) async throws {
        let use: Permission = "serviceusage.services.use"
        let id = try await gatekeeper.projectID(project)
        let check = try await gatekeeper.check(
            principal, use, on: .project(id ?? project), named: .project(project), in: context)
        guard let id, check.refusal == nil else {
            record?.noteRefusal(check)
            throw ServiceError.userProjectDenied(project, service: api.service)
        }
        if api.mustBeEnabled { try await gatekeeper.requireEnabled(service: api.service, project: id) }
    }

    /// What the wire may say of an error.
    func serviceError(for error: any Error, method: String) -> ServiceError {
        if let error = error as? ServiceError { return error }
        if let known = translate(error) { return known }
        if error is CancellationError { return ServiceError(.cancelled, "The call was cancelled.") }
        let id = String(UInt64.random(in: .min ... .max), radix: 36)
        logger.error(
            "a handler failed unexpectedly",
            metadata: ["method": "\(method)", "request": "\(id)", "error": "\(String(reflecting: error))"])
        return ServiceError(
            .internalError, "Internal error encountered. The server's log has it under request \(id).",
            details: [Google_Rpc_RequestInfo.with { $0.requestID = id }])
    }
}
