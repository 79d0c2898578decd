import HTTPTypes
import Methods

/// What a call's header says and where it came from: the same over REST and gRPC.
public struct CallMetadata: Sendable {
    /// The value of the `authorization` header; nil when there is none.
    public var authorization: String?
    /// The value of the `x-goog-user-project` header: the project that the call is to count for.
    public var userProject: String?
    /// The host that the caller addressed, in lower case and without port.
    public var host: String
    /// Where the call came from.
    public var origin: CallOrigin
    /// The length of the request's message as it arrived, in bytes; 0 for streams.
    public var requestBytes: Int

    /// Longer texts of clients about themselves are cut, in characters.
    private static let longestUserAgent = 500

    /// Makes metadata of its parts.
    public init(
        authorization: String? = nil, userProject: String? = nil, host: String, origin: CallOrigin = CallOrigin(),
        requestBytes: Int = 0
    ) {
        self.authorization = authorization
        self.userProject = userProject
        self.host = host
        self.origin = origin
        self.requestBytes = requestBytes
    }

    /// Takes what counts from the header of a request.
    init(_ fields: HTTPFields, host: String, from address: String?) {
        var agent = fields[.userAgent]
        if let text = agent, text.utf8.count > Self.longestUserAgent {
            agent = String(text.prefix(Self.longestUserAgent))
        }
        self.init(
            authorization: fields[.authorization], userProject: fields[.googUserProject], host: host,
            origin: CallOrigin(address: address, userAgent: agent))
    }
}
