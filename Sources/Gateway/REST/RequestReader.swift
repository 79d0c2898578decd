import HTTPTypes
import HummingbirdCore
import Methods
import NIOCore
import NIOHTTP1

/// The parts of an HTTP request that the codec works on.
struct RequestReader {
    let verb: String
    let query: String?
    let body: [UInt8]

    /// Reads a request to its end.
    ///
    /// Any content type counts as JSON, as with Google, except a form: with `x-http-method-override: GET` it is the
    /// query of a GET whose URL would be too long; any other is refused, for its fields would be lost.
    ///
    /// - Parameter limit: In bytes; a longer body is refused without being kept.
    /// - Throws: `INVALID_ARGUMENT` for what cannot be read.
    init(_ request: Request, limit: Int) async throws {
        let body = try await Self.collect(request, limit: limit)
        let isForm = Self.isForm(request.headers[.contentType])
        if let override = Self.methodOverride(of: request) {
            guard request.method == .post, override.uppercased() == "GET", isForm || body.isEmpty else {
                throw ServiceError.invalidArgument(
                    "x-http-method-override: \(override) is not supported: only a POST with a form can stand for a GET."
                )
            }
            verb = "GET"
            query = [request.uri.query, String(validating: body, as: UTF8.self)]
                .compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "&")
            self.body = []
            return
        }
        guard body.isEmpty || !isForm else {
            throw ServiceError.invalidArgument(
                "The content type \"application/x-www-form-urlencoded\" is not supported: send the body as "
                    + "\"application/json\".")
        }
        verb = request.method.rawValue
        query = request.uri.query
        self.body = body
    }

    /// The verb that a request is routed by, known before its body is read.
    static func verb(of request: Request) -> String {
        let isOverridden = request.method == .post && methodOverride(of: request)?.uppercased() == "GET"
        return isOverridden ? "GET" : request.method.rawValue
    }

    private static func methodOverride(of request: Request) -> String? {
        request.headers[.methodOverride]
    }

    private static func isForm(_ contentType: String?) -> Bool {
        contentType?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? false
    }

    private static func collect(_ request: Request, limit: Int) async throws -> [UInt8] {
        let tooLarge = ServiceError.invalidArgument("Request payload size exceeds the limit: \(limit) bytes.")
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit { throw tooLarge }
        var bytes: [UInt8] = []
        do {
            for try await part in request.body {
                guard bytes.count + part.readableBytes <= limit else { throw tooLarge }
                bytes.append(contentsOf: part.readableBytesView)
            }
        } catch let error as ServiceError {
            throw error
        } catch is HTTPParserError {
            throw ServiceError.invalidArgument(
                "The body of the request is broken: it ended before its Content-Length, or a chunk has no valid size.")
        } catch {
            throw ServiceError(.cancelled, "The connection ended before the request was complete.")
        }
        return bytes
    }
}
