import FoundationEssentials

/// What to answer: an HTTP status, a body, and what belongs into its headers.
public struct OAuthAnswer: Sendable, Equatable {
    /// 200, 303, 400, 401 or 404.
    public var status: Int
    /// JSON, or a page.
    public var body: Data
    /// By name in lower case.
    public var headers = ["content-type": "application/json; charset=utf-8", "cache-control": "no-store"]

    private struct Failure: Encodable {
        let error: String
        let errorDescription: String
    }

    /// An answer with these fields.
    ///
    /// - Parameter isPublic: whether others may keep it for a while: keys that are for everybody.
    static func success(_ body: some Encodable, isPublic: Bool = false) -> Self {
        var answer = encode(200, body)
        // Keys are published a week before they are used.
        if isPublic { answer.headers["cache-control"] = "public, max-age=300" }
        return answer
    }

    /// A page for a browser, which must neither keep it, nor show it inside another page, nor tell its address.
    static func page(_ html: String, status: Int) -> Self {
        var answer = Self(status: status, body: Data(html.utf8))
        answer.headers["content-type"] = "text/html; charset=utf-8"
        answer.headers["content-security-policy"] = SignInPage.policy
        answer.headers["x-frame-options"] = "DENY"
        answer.headers["x-content-type-options"] = "nosniff"
        answer.headers["referrer-policy"] = "no-referrer"
        return answer
    }

    /// Sends a browser on.
    static func redirect(to address: String) -> Self {
        var answer = page("", status: 303)
        answer.headers["location"] = address
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
