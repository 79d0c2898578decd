/// What a metadata server answers, but for the headers that all answers have.
struct MetadataAnswer: Hashable {
    var status: Int
    var contentType: String
    var body: String
    /// Where a directory without its slash is found.
    var location: String?
    /// Differs when the value does.
    var etag: String?

    init(_ status: Int, _ contentType: String, _ body: String, location: String? = nil, etag: String? = nil) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.location = location
        self.etag = etag
    }

    /// A value as it stands. Clients look for this type, which is Google's own.
    static func text(_ text: String) -> Self { value("application/text", text) }

    /// A value or several as JSON.
    static func json(_ text: String) -> Self { value("application/json", text) }

    private static func value(_ type: String, _ text: String) -> Self {
        MetadataAnswer(200, type, text, etag: digest(of: text))
    }

    /// A token: no two answers need be the same, so that it has no tag.
    static func token(_ type: String, _ text: String) -> Self { MetadataAnswer(200, type, text) }

    /// A refusal, as a page that people can read.
    static func refusal(_ status: Int, _ title: String, _ reason: String) -> Self {
        MetadataAnswer(
            status, "text/html; charset=UTF-8",
            "<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n<title>Error \(status) (\(title))</title>\n"
                + "<p><b>\(status).</b> \(reason)\n")
    }

    static let missingFlavor = refusal(
        403, "Forbidden", "The request has no header <code>Metadata-Flavor: Google</code>, which is required.")
    static let forwarded = refusal(
        403, "Forbidden", "Requests with the header <code>X-Forwarded-For</code> are not answered.")
    static let notFound = refusal(404, "Not Found", "There is no metadata by this name.")
    static let malformed = refusal(400, "Bad Request", "The request is not one that can be understood.")
    static let notAllowed = refusal(405, "Method Not Allowed", "Metadata can only be read, by GET or HEAD.")
    static let unavailable = refusal(
        503, "Service Unavailable", "The server that issues credentials cannot be reached. Try again in a moment.")

    /// 64 bits of FNV-1a, in hexadecimal.
    private static func digest(of text: String) -> String {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
