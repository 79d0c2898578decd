import HTTPTypes
import HummingbirdCore
import Methods
import NIOCore
import SwiftProtobuf

/// Answers REST requests: from the host and the path to a method's row, and from its response to JSON.
public struct RESTResponder: Sendable {
    /// Bounds of what a request may be.
    public struct Limits: Sendable {
        /// Size of a body, in bytes.
        public var bodyBytes: Int
        /// How many JSON objects and arrays may enclose a value.
        public var depth: Int

        /// The default body is four times the largest job that the Batch API takes.
        public init(bodyBytes: Int = 4 << 20, depth: Int = 100) {
            self.bodyBytes = bodyBytes
            self.depth = depth
        }
    }

    private let table: APITable
    private let routes: [String: Routes]
    private let decoder: RequestDecoder
    private let invoker: Invoker
    private let limits: Limits
    private let written = WrittenAnswers()

    /// - Throws: ``RouteError`` when two APIs share a host, two methods of an API share a route, or a row's HTTP rule
    ///   does not fit its request message.
    public init(table: APITable, invoker: Invoker, limits: Limits = Limits()) throws {
        SchemaTypes.register()
        let schema = try SchemaIndex()
        var routes: [String: Routes] = [:]
        for api in table.apis {
            guard routes[api.hostLabel] == nil else {
                throw RouteError(description: "\(api.service): another API has the host \(api.hostLabel)")
            }
            routes[api.hostLabel] = try Routes(of: api, schema: schema)
        }
        self.table = table
        self.routes = routes
        self.invoker = invoker
        self.limits = limits
        decoder = RequestDecoder(schema: schema, maximumDepth: limits.depth)
    }

    /// Answers a request, errors included.
    ///
    /// At a host that is no API's (an address, `localhost`) the path decides: the first API that has it answers.
    ///
    /// - Parameters:
    ///   - host: The host that the client addressed, in lower case and without port.
    ///   - address: The client's IP address; nil over a Unix socket.
    public func respond(to request: Request, host: String, from address: String? = nil) async -> Response {
        var style = ResponseStyle()
        do {
            let verb = RequestReader.verb(of: request)
            let path = request.uri.path
            guard let match = match(verb: verb, path: path, host: host) else {
                throw unknownMethod(verb: verb, path: path, host: host)
            }
            let reader = try await RequestReader(request, limit: limits.bodyBytes)
            let query = try QueryString(reader.query)
            style = query.style
            let key = verb == "GET" ? WrittenAnswers.Key(path: path, query: reader.query) : nil
            var metadata = CallMetadata(request.headers, host: host, from: address)
            metadata.requestBytes = path.utf8.count + (reader.query?.utf8.count ?? 0) + reader.body.count
            let json = try await answer(match.value.row, match, reader.body, query, metadata, keptFor: key)
            return response(.ok, json)
        } catch {
            return refusal(error, of: request, style)
        }
    }

    private func match(verb: String, path: String, host: String) -> PathTree<Route>.Match? {
        for api in table.candidates(forHost: host) {
            if let match = routes[api.hostLabel]?.match(verb: verb, path: path) { return match }
        }
        return nil
    }

    private func unknownMethod(verb: String, path: String, host: String) -> ServiceError {
        if let region = table.unknownRegion(ofHost: host) {
            return .notFound("'\(region.prefix(200))' in the host \(host.prefix(200)) is not a region.")
        }
        return .notFound(
            "The requested URL \(path.prefix(200)) was not found on this server: Landfall has no method \(verb) for it at "
                + "\(host.isEmpty ? "this host" : String(host.prefix(200))).")
    }

    /// Decodes, calls and encodes, with the types of one row.
    ///
    /// - Parameter key: What a text that is kept must have been written for; nil for the answer to a change.
    private func answer(
        _ row: some UnaryRow, _ match: PathTree<Route>.Match, _ body: [UInt8], _ query: QueryString,
        _ metadata: CallMetadata, keptFor key: WrittenAnswers.Key?
    ) async throws -> ByteBuffer {
        let route = match.value
        let selection = try query.style.fields.map {
            try FieldSelection($0, of: route.response, schema: decoder.schema)
        }
        let request = try decode(row, match, body, query)
        let response = try await row.call(request, of: route.api, through: invoker, metadata: metadata)
        guard let key else { return try write(response, query.style, selection) }
        return try written.text(of: response, for: key) { try write(response, query.style, selection) }
    }

    private func write(
        _ message: some Message, _ style: ResponseStyle, _ selection: FieldSelection?
    ) throws -> ByteBuffer {
        var options = JSONEncodingOptions()
        options.alwaysPrintEnumsAsInts = style.enumsAreNumbers
        options.useDeterministicOrdering = true
        let json: [UInt8] = try message.jsonUTF8Bytes(options: options)
        return ByteBuffer(bytes: JSONWriter.rewrite(json, isPretty: style.isPretty, selection: selection))
    }

    private func decode<Row: UnaryRow>(
        _ row: Row, _ match: PathTree<Route>.Match, _ body: [UInt8], _ query: QueryString
    ) throws -> Row.Request {
        try decoder.decode(
            Row.Request.self, for: match.value, body: body, query: query.parameters, path: match.bindings)
    }

    private func refusal(_ error: any Error, of request: Request, _ style: ResponseStyle) -> Response {
        let call = "\(request.method) \(request.uri.path.prefix(200))"
        let error = invoker.serviceError(for: error, method: call)
        let status = HTTPResponse.Status(code: error.code.httpStatus)
        let json = JSONWriter.rewrite(error.restEnvelope, isPretty: style.isPretty, selection: nil)
        var response = response(status, ByteBuffer(bytes: json))
        if error.code == .unauthenticated {
            response.headers[.wwwAuthenticate] = "Bearer realm=\"https://accounts.google.com/\""
        }
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func response(_ status: HTTPResponse.Status, _ json: ByteBuffer) -> Response {
        Response(status: status, headers: Self.headers, body: ResponseBody(byteBuffer: json))
    }

    /// What every answer has in its header.
    private static let headers: HTTPFields = [
        .contentType: "application/json; charset=UTF-8", .vary: "Origin, X-Origin, Referer", .cacheControl: "private",
        .xContentTypeOptions: "nosniff",
    ]
}
