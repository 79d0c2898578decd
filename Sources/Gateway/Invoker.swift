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
    private let translate: @Sendable (any Error) -> ServiceError?
    /// Enough for writers to share commits.
    private let turns = CallTurns(limit: 32)

    /// - Parameters:
    ///   - gatekeeper: Knows tokens, policies and enabled services.
    ///   - logger: Where errors go that no client may see.
    ///   - translate: The answer for an error of a layer that the gateway does not know, such as a full disk; nil
    ///     for one that has none.
    public init(
        gatekeeper: any Gatekeeper, logger: Logger,
        translate: @escaping @Sendable (any Error) -> ServiceError? = { _ in nil }
    ) {
        self.gatekeeper = gatekeeper
        self.logger = logger
        self.translate = translate
    }

    /// Answers one request.
    ///
    /// - Parameters:
    ///   - authorization: The value of the `authorization` header; nil when there is none.
    ///   - userProject: The value of the `x-goog-user-project` header; nil when there is none.
    ///   - host: The host that the caller addressed, in lower case and without port.
    /// - Throws: ``Methods/ServiceError`` and nothing else.
    public func unary<Req, Res>(
        _ method: UnaryMethod<Req, Res>, of api: API, request: Req, authorization: String?, userProject: String? = nil,
        host: String
    ) async throws -> Res {
        do {
            let call = try await admit(
                method, of: api, authorization: authorization, userProject: userProject, host: host
            ) { request }
            guard let caller = call.caller else { return try await method.handler(request, call) }
            return try await turns.run(for: caller.principal.member) { try await method.handler(request, call) }
        } catch {
            throw serviceError(for: error, method: method.name)
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
        authorization: String?, userProject: String? = nil, host: String,
        send: @escaping @Sendable (Res) async throws -> Void
    ) async throws {
        do {
            let replayed = ReplayedStream(requests)
            let call = try await admit(
                method, of: api, authorization: authorization, userProject: userProject, host: host
            ) {
                guard let first = try await replayed.first() else {
                    throw ServiceError.invalidArgument("The stream ended before its first request.")
                }
                return first
            }
            try await method.handler(replayed.all(), send, call)
        } catch {
            throw serviceError(for: error, method: method.name)
        }
    }

    /// Makes the checks of a row, in order.
    ///
    /// - Parameter request: The request that names the resource; asked for only when the row needs it.
    private func admit<Row: Methods.Method>(
        _ row: Row, of api: API, authorization: String?, userProject: String?, host: String,
        request: () async throws -> Row.Request
    ) async throws -> Call {
        let context = RequestContext(time: Date())
        var caller: Caller?
        if case .anyone = row.access {
        } else {
            caller = try await gatekeeper.authenticate(authorization: authorization, service: api.service)
        }
        if let caller, let userProject, !userProject.isEmpty {
            try await check(caller.principal, mayUse: userProject, for: api, in: context)
        }
        if let caller, case .permission(let permission, let resource) = row.access {
            let named = try resource(try await request())
            try await gatekeeper.admit(
                caller.principal, permission, on: named, service: api.mustBeEnabled ? api.service : nil,
                in: context, orThrow: api.denied)
        }
        return Call(caller: caller, method: row.name, host: host, time: context.time, gatekeeper: gatekeeper)
    }

    /// Checks the project that a caller wants a call to count for (Google's quota project): the caller may use it,
    /// and it has enabled the API.
    private func check(
        _ principal: Principal, mayUse project: String, for api: API, in context: RequestContext
    ) async throws {
        guard let id = try await gatekeeper.projectID(project),
            try await gatekeeper.decide(principal, "serviceusage.services.use", on: .project(id), in: context).isAllowed
        else { throw ServiceError.userProjectDenied(project, service: api.service) }
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
