import FoundationEssentials

/// What to answer: an HTTP status and a body of JSON.
public struct OAuthAnswer: Sendable, Equatable {
    /// 200, 400, 401 or 404.
    public var status: Int
    /// JSON.
    public var body: Data
    /// Whether others may keep it for a while: keys that are for everybody.
    public var isPublic = false

    private struct Failure: Encodable {
        let error: String
        let errorDescription: String
    }

    /// An answer with these fields.
    static func success(_ body: some Encodable, isPublic: Bool = false) -> Self {
        var answer = encode(200, body)
        answer.isPublic = isPublic
        return answer
    }

    /// An error of RFC 6749, 5.2.
    static func failure(_ error: String, _ description: String, status: Int = 400) -> Self {
        encode(status, Failure(error: error, errorDescription: description))
    }

    /// For a body that is neither a form nor JSON, or not what it says.
    static let unreadable = failure("invalid_request", "The body is neither a form nor a JSON object of texts.")

    /// For a query and a body that are no form together.
    static let noForm = failure("invalid_request", "The parameters are not a form.")

    private static func encode(_ status: Int, _ body: some Encodable) -> Self {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings, numbers and truth values always encode.
        return Self(status: status, body: (try? encoder.encode(body)) ?? Data("{}".utf8))
    }
}
