import Access
import Foundation
import Methods
import SwiftProtobuf
import Synchronization

extension API {
    /// Calls a method by its last name as the gateway does: after the check that its row asks for.
    ///
    /// - Throws: `UNIMPLEMENTED` when there is no method of that name and these types, and what the method throws.
    public func call<Request: Message & Sendable, Response: Message & Sendable>(
        _ name: String, _ request: Request, as email: String, at time: Date, gatekeeper: any Gatekeeper
    ) async throws -> Response {
        let found = methods.first { $0.name.hasSuffix(".\(name)") }
        guard let method = found as? UnaryMethod<Request, Response> else {
            throw ServiceError(.unimplemented, "there is no method \(name) of these types")
        }
        let call = Call(
            caller: Caller(principal: .user(email), expiresAt: .distantFuture), method: method.name, host: service,
            time: time, gatekeeper: gatekeeper)
        if case .permission(let permission, let resource) = method.access {
            try await call.admit(permission, on: resource(request), service: nil, orThrow: denied)
        }
        return try await method.handler(request, call)
    }
}

/// Keeps the calls that it hears of.
public final class HeardCalls: CallObserver {
    private let calls = Mutex<[EndedCall]>([])

    /// Has heard of none yet.
    public init() {}

    /// In their order.
    public var all: [EndedCall] { calls.withLock { $0 } }

    /// Keeps a call.
    public func callEnded(_ call: EndedCall) async { calls.withLock { $0.append(call) } }
}
