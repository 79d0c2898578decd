import Access
import SwiftProtobuf

/// A row of the table of methods: from it come the REST route, the gRPC method and the check of access.
/// A handler cannot be reached without a row, and a row cannot leave out its rule of access.
public protocol Method: Sendable {
    associatedtype Request: Message & Sendable
    associatedtype Response: Message & Sendable

    /// Full name of the gRPC method: `google.cloud.batch.v1.BatchService.CreateJob`.
    var name: String { get }
    /// Where REST clients find it; empty for methods that only gRPC has.
    var http: [HTTPRule] { get }
    /// What the caller must hold.
    var access: AccessRule<Request> { get }
}

/// One request, one response.
public struct UnaryMethod<Request: Message & Sendable, Response: Message & Sendable>: Method {
    /// Answers one request; throws ``ServiceError`` for what the client is to know.
    public typealias Handler = @Sendable (Request, Call) async throws -> Response

    /// Full name of the gRPC method.
    public let name: String
    /// Where REST clients find it; empty for methods that only gRPC has.
    public let http: [HTTPRule]
    /// What the caller must hold.
    public let access: AccessRule<Request>
    /// Called after the checks of `access`.
    public let handler: Handler

    /// A row for a method with one request and one response.
    public init(_ name: String, _ http: HTTPRule..., access: AccessRule<Request>, handler: @escaping Handler) {
        self.name = name
        self.http = http
        self.access = access
        self.handler = handler
    }
}

/// Requests and responses in any order, over gRPC alone.
public struct StreamMethod<Request: Message & Sendable, Response: Message & Sendable>: Method {
    /// Answers by calling `send`, which waits while the peer is slow; returns when the stream is over. The
    /// task is cancelled when the peer leaves.
    public typealias Handler =
        @Sendable (
            _ requests: AsyncThrowingStream<Request, any Error>,
            _ send: @escaping @Sendable (Response) async throws -> Void,
            Call
        ) async throws -> Void

    /// Full name of the gRPC method.
    public let name: String
    /// Where REST clients find it; empty for methods that only gRPC has.
    public let http: [HTTPRule] = []
    /// What the caller must hold.
    public let access: AccessRule<Request>
    /// Called after the checks of `access`.
    public let handler: Handler

    /// A row for a method with streams of requests and responses.
    public init(_ name: String, access: AccessRule<Request>, handler: @escaping Handler) {
        self.name = name
        self.access = access
        self.handler = handler
    }
}

/// What a caller must hold before a handler runs.
public enum AccessRule<Request: Sendable>: Sendable {
    /// A permission on a resource that the request names.
    ///
    /// The closure throws `INVALID_ARGUMENT` when the request names none. It may name a project by number: the
    /// gateway looks up its id. Stream methods are checked against their first request.
    case permission(Permission, on: @Sendable (Request) throws -> Resource)
    /// The handler checks by itself with `Call.require`; says why the row cannot.
    case byHandler(String)
    /// Every caller with a good token; says why nothing is to be checked.
    case anyCaller(String)
    /// Everyone who reaches the socket, without a token; says why.
    case anyone(String)
}

/// How REST clients reach a method (google.api.HttpRule).
public struct HTTPRule: Hashable, Sendable {
    /// The HTTP methods that a rule can have.
    public enum Verb: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// The HTTP method.
    public let verb: Verb
    /// `/v1/{name=projects/*/locations/*/jobs/*}:cancel`
    public let template: String
    /// The field that the body fills; `*` for the whole request; nil when there is no body.
    public let body: String?

    /// Reads: the query fills what the path does not.
    public static func get(_ template: String) -> HTTPRule { HTTPRule(verb: .get, template: template, body: nil) }
    /// Deletes: the query fills what the path does not.
    public static func delete(_ template: String) -> HTTPRule { HTTPRule(verb: .delete, template: template, body: nil) }
    /// Creates or acts.
    public static func post(_ template: String, body: String? = nil) -> HTTPRule {
        HTTPRule(verb: .post, template: template, body: body)
    }
    /// Replaces.
    public static func put(_ template: String, body: String) -> HTTPRule {
        HTTPRule(verb: .put, template: template, body: body)
    }
    /// Changes in part.
    public static func patch(_ template: String, body: String) -> HTTPRule {
        HTTPRule(verb: .patch, template: template, body: body)
    }
}
