import Access
import FoundationEssentials
import SwiftProtobuf

/// Hears of every call that is over, before its caller gets the answer.
public protocol CallObserver: Sendable {
    /// Takes note of a call. It must not wait for a disk or a peer: the call's answer waits for it.
    func callEnded(_ call: EndedCall) async
}

/// Keeps refusals, so that their reasons can be looked up.
public protocol DenialRecorder: Sendable {
    /// Keeps a refusal. It must not wait for a disk or a peer: the answer waits for it.
    ///
    /// - Parameters:
    ///   - refusal: the check that was refused.
    ///   - call: with the error that its caller is about to get.
    /// - Returns: what the caller can look it up by; nil when it cannot be kept.
    func record(_ refusal: AccessCheck, of call: EndedCall) async -> DenialReference?
}

/// How a refusal is looked up.
public struct DenialReference: Hashable, Sendable {
    /// Its id, which cannot be guessed.
    public var id: String
    /// Where its reasons are read, with a token.
    public var url: String

    /// Makes a reference of its parts.
    public init(id: String, url: String) {
        self.id = id
        self.url = url
    }
}

/// A call that is over.
public struct EndedCall: Sendable {
    /// `batch.googleapis.com`
    public var service: String
    /// Full name of the method: `google.cloud.batch.v1.BatchService.CreateJob`.
    public var method: String
    /// Who called; nil without a good token.
    public var caller: Caller?
    /// Where it came from.
    public var origin: CallOrigin
    /// When it arrived.
    public var time: Date
    /// What was asked; nil for streams.
    public var request: (any Message & Sendable)?
    /// How long the request was, as it arrived, in bytes.
    public var requestBytes: Int
    /// The checks of access, in their order, up to `CallRecord.mostChecks`; the first is of what the method does.
    public var checks: [AccessCheck]
    /// What the caller is told; nil when the call succeeded.
    public var error: ServiceError?

    /// Makes a call of its parts.
    public init(
        service: String, method: String, caller: Caller?, origin: CallOrigin = CallOrigin(), time: Date,
        request: (any Message & Sendable)? = nil, requestBytes: Int = 0, checks: [AccessCheck] = [],
        error: ServiceError? = nil
    ) {
        self.service = service
        self.method = method
        self.caller = caller
        self.origin = origin
        self.time = time
        self.request = request
        self.requestBytes = requestBytes
        self.checks = checks
        self.error = error
    }
}

/// Where a call came from, as far as its transport tells.
public struct CallOrigin: Hashable, Sendable {
    /// The caller's IP address; nil over a Unix socket.
    public var address: String?
    /// What the client says of itself.
    public var userAgent: String?

    /// Makes an origin of its parts.
    public init(address: String? = nil, userAgent: String? = nil) {
        self.address = address
        self.userAgent = userAgent
    }
}
