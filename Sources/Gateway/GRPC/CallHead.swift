import HTTPTypes
import Methods

/// What the header of a gRPC request says about the call.
struct CallHead: Sendable {
    /// `/google.cloud.batch.v1.BatchService/CreateJob`
    var path: String
    var metadata: CallMetadata
    /// How long the client waits for the end of the call.
    var timeout: Duration?

    /// - Throws: `INVALID_ARGUMENT` or `UNIMPLEMENTED` for a header that cannot be served.
    init(_ head: HTTPRequest, host: String, from address: String? = nil) throws(ServiceError) {
        guard head.method == .post else { throw ServiceError(.invalidArgument, "A gRPC request is a POST.") }
        path = head.path ?? ""
        metadata = CallMetadata(head.headerFields, host: host, from: address)
        if let encoding = head.headerFields[.grpcEncoding], encoding != "identity" {
            throw ServiceError(.unimplemented, "The message encoding \(encoding) is not supported; use identity.")
        }
        guard let text = head.headerFields[.grpcTimeout] else { return }
        guard let timeout = Self.duration(text) else {
            throw ServiceError(.invalidArgument, "The grpc-timeout \"\(text.prefix(20))\" is not a duration.")
        }
        self.timeout = timeout
    }

    /// At most eight digits and a unit, as in `250m` (gRPC over HTTP/2, Timeout).
    static func duration(_ text: String) -> Duration? {
        let digits = text.dropLast()
        guard let unit = text.last, (1...8).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(digits)
        else { return nil }
        switch unit {
        case "H": return .seconds(count * 3_600)
        case "M": return .seconds(count * 60)
        case "S": return .seconds(count)
        case "m": return .milliseconds(count)
        case "u": return .microseconds(count)
        case "n": return .nanoseconds(count)
        default: return nil
        }
    }
}
