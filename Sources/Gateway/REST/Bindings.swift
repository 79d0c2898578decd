/// Fields of a request that come from its path and its query, on their way to JSON.
struct Bindings {
    private indirect enum Node {
        /// Values as JSON; more than one only in a repeated field.
        case values([String], isRepeated: Bool)
        case object([String: Node])
    }

    private let schema: SchemaIndex
    private let type: MessageShape
    private var root: [String: Node] = [:]
    private(set) var violations = Violations()

    var isEmpty: Bool { root.isEmpty }

    init(to type: MessageShape, schema: SchemaIndex) {
        self.type = type
        self.schema = schema
    }

    /// Fills a field with the value of a query parameter, called `pageSize`, `page_size` or `options.version`.
    mutating func bind(parameter name: String, value: String) {
        let fields = resolve(name.split(separator: ".", omittingEmptySubsequences: false).map(String.init))
        guard let fields, let json = json(for: fields, value) else {
            return violations.unknownName(
                name, at: "",
                "Cannot bind query parameter. Field '\(name)' could not be found in request message.")
        }
        let isRepeated = fields.last?.isRepeated ?? false
        var values = [json]
        if isRepeated, case .values(let earlier, _)? = Self.node(at: fields[...], in: root) {
            values = earlier + values
        }
        root = Self.setting(.values(values, isRepeated: isRepeated), at: fields[...], in: root)
    }

    /// Fills a field with what the path has in its place; goes before the query.
    mutating func bind(path: [String], value: String) {
        guard let fields = resolve(path), let json = json(for: fields, value) else { return }
        root = Self.setting(.values([json], isRepeated: false), at: fields[...], in: root)
    }

    /// The request message with the bound fields alone.
    var json: [UInt8] { Array(Self.json(of: root).utf8) }

    /// The fields on the way down to the last; nil when there are none of these names, or one on the way is repeated.
    private func resolve(_ names: [String]) -> [FieldShape]? {
        var fields: [FieldShape] = []
        var message = type
        for (position, name) in names.enumerated() {
            guard let field = message.field(named: name) else { return nil }
            fields.append(field)
            guard position < names.count - 1 else { break }
            guard !field.isRepeated, case .message(let next) = field.type, schema[next].form == .fields else {
                return nil
            }
            message = schema[next]
        }
        return fields
    }

    /// A value as JSON, noting when it does not fit; nil when no text could fit the field.
    private mutating func json(for fields: [FieldShape], _ value: String) -> String? {
        guard let field = fields.last, let json = Self.json(for: field.type, value, schema) else { return nil }
        // Any text fits a string.
        if case .scalar(.string) = field.type { return json }
        var scanner = JSONScanner(Array(json.utf8), maximumDepth: 1)
        guard let scalar = try? scanner.readScalar() else { return nil }
        if !fits(field, scanner, scalar) {
            violations.invalidValue(
                at: fields.map(\.name).joined(separator: "."), type: field.type.name(in: schema), value.jsonQuoted)
        }
        return json
    }

    private func fits(_ field: FieldShape, _ scanner: JSONScanner, _ scalar: JSONScanner.Scalar) -> Bool {
        let json = scanner.bytes[scalar.range]
        switch field.type {
        case .scalar(let type):
            return ValueRule.accepts(json, scalar.kind, as: type)
        case .enumeration(let shape):
            return ValueRule.accepts(json, scalar.kind, text: scanner.string(scalar), as: shape)
        case .message(let index):
            let text = scanner.string(scalar)
            return ValueRule.fault(of: json, scalar.kind, text: text, as: schema[index].form, field: field.name) == nil
        }
    }

    private static func json(for type: FieldType, _ value: String, _ schema: SchemaIndex) -> String? {
        switch type {
        case .scalar(.bool):
            // Python writes them with a capital.
            return ["true", "false"].contains(value.lowercased()) ? value.lowercased() : value.jsonQuoted
        case .scalar:
            return value.jsonQuoted
        case .enumeration:
            return Int32(value).map(String.init) ?? value.jsonQuoted
        case .message(let index):
            switch schema[index].form {
            case .timestamp, .duration: return value.jsonQuoted
            case .fieldMask: return camelCase(value).jsonQuoted
            default: return nil
            }
        }
    }

    /// Masks in a query may name fields as the `.proto` file does.
    private static func camelCase(_ mask: String) -> String {
        mask.reduce(into: (text: "", isUpper: false)) { state, character in
            if character != "_" { state.text += state.isUpper ? character.uppercased() : String(character) }
            state.isUpper = character == "_"
        }.text
    }

    private static func node(at fields: ArraySlice<FieldShape>, in members: [String: Node]) -> Node? {
        guard let first = fields.first, let node = members[first.name] else { return nil }
        guard fields.count > 1 else { return node }
        guard case .object(let inner) = node else { return nil }
        return self.node(at: fields.dropFirst(), in: inner)
    }

    private static func setting(
        _ node: Node, at fields: ArraySlice<FieldShape>, in members: [String: Node]
    ) -> [String: Node] {
        guard let first = fields.first else { return members }
        var members = members
        if fields.count == 1 {
            members[first.name] = node
        } else {
            var inner: [String: Node] = [:]
            if case .object(let existing)? = members[first.name] { inner = existing }
            members[first.name] = .object(setting(node, at: fields.dropFirst(), in: inner))
        }
        return members
    }

    private static func json(of members: [String: Node]) -> String {
        let texts = members.map { name, node in
            switch node {
            case .values(let values, isRepeated: true): "\"\(name)\":[\(values.joined(separator: ","))]"
            case .values(let values, isRepeated: false): "\"\(name)\":\(values.last ?? "null")"
            case .object(let inner): "\"\(name)\":\(json(of: inner))"
            }
        }
        return "{\(texts.joined(separator: ","))}"
    }
}
