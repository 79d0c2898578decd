import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import Registry

extension Response {
    /// An answer with some text of JSON.
    static func json(_ status: HTTPResponse.Status, _ text: String, _ headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// An answer with a value as JSON. It is for its caller alone.
    static func json(
        _ status: HTTPResponse.Status, _ value: some Encodable, _ headers: HTTPFields = [:]
    ) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        var headers = headers
        headers[.cacheControl] = "no-store"
        return json(status, String(decoding: try encoder.encode(value), as: UTF8.self), headers)
    }

    /// An answer without a body.
    static func empty(_ status: HTTPResponse.Status, _ headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentLength] = "0"
        return Response(status: status, headers: headers)
    }
}

extension HTTPField.Name {
    static let dockerVersion = HTTPField.Name(known: "Docker-Distribution-API-Version")
    static let dockerDigest = HTTPField.Name(known: "Docker-Content-Digest")
    static let dockerUpload = HTTPField.Name(known: "Docker-Upload-UUID")
    static let link = HTTPField.Name(known: "Link")
    static let ociSubject = HTTPField.Name(known: "OCI-Subject")
    static let ociFilters = HTTPField.Name(known: "OCI-Filters-Applied")

    private init(known name: String) {
        guard let parsed = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header field") }
        self = parsed
    }
}

/// What the token's endpoint answers (Docker, Token Authentication).
struct TokenAnswer: Encodable {
    let token: String
    let accessToken: String
    let expiresIn: Int
    let issuedAt: String

    init(_ token: String, now: Date, until end: Date) {
        self.token = token
        accessToken = token
        // Clients take less than a minute for a mistake.
        expiresIn = max(60, Int(min(end.timeIntervalSince(now), 3_600)))
        issuedAt = now.formatted(.iso8601)
    }

    private enum CodingKeys: String, CodingKey {
        case token
        case accessToken = "access_token"
        case expiresIn = "expires_in"
        case issuedAt = "issued_at"
    }
}
