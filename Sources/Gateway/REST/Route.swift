import Access
import Methods
import SwiftProtobuf

/// A method that REST can reach: one with a single request.
protocol UnaryRow: Methods.Method {
    /// Calls the method through the checks of its row.
    func call(
        _ request: Request, of api: API, through invoker: Invoker, metadata: CallMetadata
    ) async throws -> Response
}

extension UnaryMethod: UnaryRow {
    func call(
        _ request: Request, of api: API, through invoker: Invoker, metadata: CallMetadata
    ) async throws -> Response {
        try await invoker.unary(self, of: api, request: request, metadata: metadata)
    }
}

/// One HTTP rule of one method, with all that is known before a request comes.
///
/// A class, so that whoever looks one up gets a reference and no copy of a table's row.
final class Route: Sendable {
    /// What the HTTP body fills.
    enum Body: Sendable {
        case none
        case request
        case field(FieldShape)
    }

    let api: API
    let row: any UnaryRow
    let body: Body
    let request: MessageShape
    let response: MessageShape

    init(api: API, row: any UnaryRow, body: Body, request: MessageShape, response: MessageShape) {
        self.api = api
        self.row = row
        self.body = body
        self.request = request
        self.response = response
    }
}

/// A table of methods that cannot be served as it is written.
public struct RouteError: Error, CustomStringConvertible {
    /// The method, its rule, and what is wrong with it.
    public let description: String
}

/// The REST routes of one API.
struct Routes: Sendable {
    private var tree = PathTree<Route>()

    /// - Throws: `RouteError` when two rules overlap, or a rule does not fit its request message.
    init(of api: API, schema: SchemaIndex) throws {
        for case let row as any UnaryRow in api.methods {
            for rule in row.http { try add(rule, of: row, api, schema) }
        }
    }

    func match(verb: String, path: String) -> PathTree<Route>.Match? { tree.match(verb: verb, path: path) }

    private mutating func add(_ rule: HTTPRule, of row: some UnaryRow, _ api: API, _ schema: SchemaIndex) throws {
        func fault(_ reason: String) -> RouteError {
            RouteError(description: "\(api.service) \(row.name) \(rule.verb.rawValue) \(rule.template): \(reason)")
        }
        let request = try Self.shape(of: type(of: row).requestName, schema)
        let response = try Self.shape(of: type(of: row).responseName, schema)
        let template = try PathTemplate(rule.template)
        for variable in template.variables where !Self.resolves(variable.fieldPath, in: request, schema) {
            throw fault("\(request.fullName) has no field \(variable.fieldPath.joined(separator: "."))")
        }
        let body: Route.Body
        switch rule.body {
        case nil: body = .none
        case "*": body = .request
        case .some(let name):
            guard let field = request.field(named: name) else {
                throw fault("\(request.fullName) has no field \(name)")
            }
            body = .field(field)
        }
        let route = Route(api: api, row: row, body: body, request: request, response: response)
        guard tree.insert(route, verb: rule.verb.rawValue, template: template) else {
            throw fault("another method of the API has the same route")
        }
    }

    private static func shape(of name: String, _ schema: SchemaIndex) throws -> MessageShape {
        guard let index = schema.index(of: name) else {
            throw RouteError(description: "\(name) is not in the descriptors: run scripts/generate-schema")
        }
        return schema[index]
    }

    private static func resolves(_ path: [String], in message: MessageShape, _ schema: SchemaIndex) -> Bool {
        guard let name = path.first, let field = message.field(named: name), !field.isRepeated else { return false }
        guard path.count > 1 else { if case .message = field.type { return false } else { return true } }
        guard case .message(let index) = field.type else { return false }
        return resolves(Array(path.dropFirst()), in: schema[index], schema)
    }
}

extension UnaryRow {
    static var requestName: String { Request.protoMessageName }
    static var responseName: String { Response.protoMessageName }
}
