import Schema
import SwiftProtobuf

/// The one error of the wire: a handler throws it, and REST and gRPC each render it.
public struct ServiceError: Error, Sendable {
    /// Which kind of error, for programs.
    public var code: Code
    /// One sentence for people that names what is wrong.
    public var message: String
    /// Messages of `google.rpc` for programs: `ErrorInfo`, `BadRequest`, `Help` and so on.
    public var details: [any Message & Sendable]

    /// An error of any kind.
    public init(_ code: Code, _ message: String, details: [any Message & Sendable] = []) {
        self.code = code
        self.message = message
        self.details = details
    }

    /// The canonical codes, with their numbers on the wire (google.rpc.Code).
    public enum Code: Int32, Sendable, CaseIterable {
        case cancelled = 1
        case unknown = 2
        case invalidArgument = 3
        case deadlineExceeded = 4
        case notFound = 5
        case alreadyExists = 6
        case permissionDenied = 7
        case resourceExhausted = 8
        case failedPrecondition = 9
        case aborted = 10
        case outOfRange = 11
        case unimplemented = 12
        case internalError = 13
        case unavailable = 14
        case dataLoss = 15
        case unauthenticated = 16
    }
}

extension ServiceError.Code {
    /// The name in the REST envelope's `status`.
    public var name: String {
        switch self {
        case .cancelled: "CANCELLED"
        case .unknown: "UNKNOWN"
        case .invalidArgument: "INVALID_ARGUMENT"
        case .deadlineExceeded: "DEADLINE_EXCEEDED"
        case .notFound: "NOT_FOUND"
        case .alreadyExists: "ALREADY_EXISTS"
        case .permissionDenied: "PERMISSION_DENIED"
        case .resourceExhausted: "RESOURCE_EXHAUSTED"
        case .failedPrecondition: "FAILED_PRECONDITION"
        case .aborted: "ABORTED"
        case .outOfRange: "OUT_OF_RANGE"
        case .unimplemented: "UNIMPLEMENTED"
        case .internalError: "INTERNAL"
        case .unavailable: "UNAVAILABLE"
        case .dataLoss: "DATA_LOSS"
        case .unauthenticated: "UNAUTHENTICATED"
        }
    }

    /// The HTTP status that goes with the code (google.rpc.Code).
    ///
    /// `unimplemented` would be 501, but clients repeat every 5xx for half a minute: what will never work is a 404.
    public var httpStatus: Int {
        switch self {
        case .invalidArgument, .failedPrecondition, .outOfRange: 400
        case .unauthenticated: 401
        case .permissionDenied: 403
        case .notFound, .unimplemented: 404
        case .alreadyExists, .aborted: 409
        case .resourceExhausted: 429
        case .cancelled: 499
        case .unknown, .internalError, .dataLoss: 500
        case .unavailable: 503
        case .deadlineExceeded: 504
        }
    }
}

extension ServiceError {
    /// A request that can never be right: `field` is the path of what is wrong, in snake_case.
    public static func invalidArgument(_ message: String, field: String? = nil) -> ServiceError {
        guard let field else { return ServiceError(.invalidArgument, message) }
        let violation = Google_Rpc_BadRequest.FieldViolation.with {
            $0.field = field
            $0.description_p = message
        }
        return ServiceError(
            .invalidArgument, message, details: [Google_Rpc_BadRequest.with { $0.fieldViolations = [violation] }])
    }

    /// Something that the request names does not exist.
    public static func notFound(_ message: String) -> ServiceError { ServiceError(.notFound, message) }

    /// Something of that name exists.
    public static func alreadyExists(_ message: String) -> ServiceError { ServiceError(.alreadyExists, message) }

    /// A request that could be right at another time, or once something else has been done.
    public static func failedPrecondition(_ message: String) -> ServiceError {
        ServiceError(.failedPrecondition, message)
    }
}
