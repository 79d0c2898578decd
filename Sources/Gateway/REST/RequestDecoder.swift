import Methods
import SwiftProtobuf

/// Makes a request message of the parts of an HTTP request.
struct RequestDecoder: Sendable {
    let schema: SchemaIndex
    /// How many objects and arrays may enclose a value.
    let maximumDepth: Int

    /// - Parameters:
    ///   - body: The HTTP body; empty counts as `{}`.
    ///   - path: What the path fills, the last word where the query or the body say otherwise.
    /// - Throws: `INVALID_ARGUMENT` that names all that is wrong.
    func decode<Request: Message>(
        _ type: Request.Type, for route: Route, body: [UInt8], query: [(name: String, value: String)],
        path: [(fieldPath: [String], value: String)]
    ) throws -> Request {
        let bodyIsEmpty = body.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if !bodyIsEmpty { try check(body, for: route) }
        var bindings = Bindings(to: route.request, schema: schema)
        for (name, value) in query { bindings.bind(parameter: name, value: value) }
        for (fieldPath, value) in path { bindings.bind(path: fieldPath, value: value) }
        try bindings.violations.check()

        if bodyIsEmpty { return bindings.isEmpty ? Request() : try parse(bindings.json) }
        var request: Request = try parse(splice(body, for: route))
        if !bindings.isEmpty {
            // The wire's merge is what a path over a body means: single fields replaced, messages merged.
            let bound: Request = try parse(bindings.json)
            try request.merge(serializedBytes: bound.serializedBytes() as [UInt8])
        }
        return request
    }

    private func check(_ body: [UInt8], for route: Route) throws {
        guard String(validating: body, as: UTF8.self) != nil else {
            throw ServiceError.invalidArgument("Invalid JSON payload received. Encountered non UTF-8 code points.")
        }
        var walk = RequestWalk(body, schema: schema, maximumDepth: maximumDepth)
        do {
            switch route.body {
            case .request: try walk.check(request: route.request)
            case .field(let field): try walk.check(field)
            case .none: try walk.check(request: MessageShape(fullName: ""))
            }
        } catch let error as JSONScanner.Malformed {
            throw ServiceError.invalidArgument(Self.text(of: error, in: body))
        } catch is Violations.Full {
            // Those found so far are thrown below.
        }
        try walk.violations.check()
    }

    private func splice(_ body: [UInt8], for route: Route) -> [UInt8] {
        guard case .field(let field) = route.body else { return body }
        return Array("{\"\(field.name)\":".utf8) + body + [UInt8(ascii: "}")]
    }

    private func parse<Request: Message>(_ json: [UInt8]) throws -> Request {
        var options = JSONDecodingOptions()
        // The walk has bounded the depth; free JSON takes two messages a level, and the splice one more.
        options.messageDepthLimit = 2 * maximumDepth + 2
        do {
            return try Request(jsonUTF8Bytes: json, options: options)
        } catch {
            throw ServiceError.invalidArgument("Invalid JSON payload received. \(error)")
        }
    }

    /// The reason, with the piece of the text around the fault and a mark below it.
    private static func text(of error: JSONScanner.Malformed, in body: [UInt8]) -> String {
        let reach = 20
        let start = max(0, error.offset - reach)
        let before = String(decoding: body[start..<min(error.offset, body.count)], as: UTF8.self)
        let after = String(decoding: body[min(error.offset, body.count)...].prefix(reach), as: UTF8.self)
        let line = (before + after).map { $0.isNewline ? " " : $0 }
        let mark = String(repeating: " ", count: before.count) + "^"
        return "Invalid JSON payload received. \(error.reason)\n\(String(line))\n\(mark)"
    }
}
