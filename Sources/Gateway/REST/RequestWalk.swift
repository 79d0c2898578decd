import SwiftProtobuf

/// Compares the JSON of a request with the descriptor of its message, and notes everything that does not fit.
///
/// It decodes nothing: a body without violations goes on to swift-protobuf as it came.
struct RequestWalk {
    private let schema: SchemaIndex
    private var scanner: JSONScanner
    private var path = FieldPath()
    private(set) var violations = Violations()

    init(_ bytes: [UInt8], schema: SchemaIndex, maximumDepth: Int) {
        self.schema = schema
        scanner = JSONScanner(bytes, maximumDepth: maximumDepth)
    }

    /// Checks a text that is the whole request.
    ///
    /// - Throws: `JSONScanner.Malformed` when it is not JSON.
    mutating func check(request type: MessageShape) throws {
        guard try scanner.peek() == .object else {
            return violations.add(
                "", "Invalid JSON payload received. Unknown name \"\": Root element must be a message.")
        }
        try checkObject(type)
        try scanner.finish()
    }

    /// Checks a text that is one field of the request.
    ///
    /// - Throws: `JSONScanner.Malformed` when it is not JSON.
    mutating func check(_ field: FieldShape) throws {
        path.enter(field: field.name)
        try checkField(field, in: nil)
        path.leave()
        try scanner.finish()
    }

    // MARK: Objects

    private mutating func checkObject(_ type: MessageShape, ignoring ignored: String? = nil) throws {
        try scanner.enter()
        var seen = Set<Int>()
        var oneofs: [String: String] = [:]
        var isFirst = true
        while let name = try scanner.nextName(isFirst: isFirst) {
            isFirst = false
            guard let field = type.field(named: name) else {
                if name != ignored { violations.unknownName(name, at: path.text, "Cannot find field.") }
                try scanner.skipValue()
                continue
            }
            if !seen.insert(field.index).inserted { violations.duplicateName(name, at: path.text) }
            if let oneof = field.oneof, try scanner.peek() != .null {
                if oneofs[oneof] != nil, oneofs[oneof] != field.name {
                    violations.invalidValue(
                        at: path.text, type: "oneof",
                        "oneof field '\(oneof)' is already set. Cannot set '\(name)'")
                }
                oneofs[oneof] = field.name
            }
            path.enter(field: field.name)
            try checkField(field, in: name)
            path.leave()
        }
    }

    // MARK: Fields

    /// - Parameter name: The field as the text calls it; nil when the text does not.
    private mutating func checkField(_ field: FieldShape, in name: String?) throws {
        if try scanner.peek() == .null, !takesNull(field) { return try scanner.skipValue() }
        guard field.isRepeated else { return try checkSingle(field, name: name ?? field.name) }
        if case .message(let index) = field.type, schema[index].form == .mapEntry {
            return try checkMap(field, entry: schema[index])
        }
        guard try scanner.peek() == .array else { return try refuse(field) }
        try scanner.enter()
        var index = 0
        while try scanner.nextElement(isFirst: index == 0) {
            path.enter(index: index)
            if try scanner.peek() == .null, !takesNull(field) {
                try refuse(field)
            } else {
                try checkSingle(field, name: name ?? field.name)
            }
            path.leave()
            index += 1
        }
    }

    /// Null leaves a field unset, except one of type google.protobuf.Value.
    private func takesNull(_ field: FieldShape) -> Bool {
        if case .message(let index) = field.type { schema[index].form == .value } else { false }
    }

    private mutating func checkMap(_ field: FieldShape, entry: MessageShape) throws {
        guard try scanner.peek() == .object else { return try refuse(field) }
        guard let key = entry.field(named: "key"), let value = entry.field(named: "value") else {
            return try scanner.skipValue()
        }
        try scanner.enter()
        var seen = Set<String>()
        while let name = try scanner.nextName(isFirst: seen.isEmpty) {
            if !seen.insert(name).inserted { violations.duplicateName(name, at: path.text) }
            path.enter(index: seen.count - 1)
            if !accepts(mapKey: name, as: key) {
                violations.invalidValue(at: path.text + ".key", type: typeName(of: key), name.jsonQuoted)
            }
            path.enter(field: "value")
            if try scanner.peek() == .null, !takesNull(value) {
                try refuse(value)
            } else {
                try checkSingle(value, name: name)
            }
            path.leave()
            path.leave()
        }
    }

    private func accepts(mapKey name: String, as key: FieldShape) -> Bool {
        guard case .scalar(let type) = key.type else { return false }
        switch type {
        case .string: return true
        case .bool: return name == "true" || name == "false"
        default: return ValueRule.accepts(Array(name.jsonQuoted.utf8)[...], .string, as: type)
        }
    }

    private mutating func checkSingle(_ field: FieldShape, name: String) throws {
        let kind = try scanner.peek()
        if case .message(let index) = field.type { return try checkMessage(schema[index], kind, of: field, name) }
        guard kind != .object, kind != .array else {
            guard !field.isRepeated else { return try refuse(field) }
            path.leave()
            violations.unknownName(
                name, at: path.text,
                kind == .array
                    ? "Proto field is not repeating, cannot start list." : "Starting an object on a scalar field")
            path.enter(field: field.name)
            return try scanner.skipValue()
        }
        let scalar = try scanner.readScalar()
        let json = scanner.bytes[scalar.range]
        let isGood =
            switch field.type {
            case .scalar(let type): ValueRule.accepts(json, kind, as: type)
            case .enumeration(let shape): ValueRule.accepts(json, kind, text: scanner.string(scalar), as: shape)
            case .message: false
            }
        if !isGood { note(json, for: field) }
    }

    // MARK: Messages

    private mutating func checkMessage(
        _ type: MessageShape, _ kind: JSONScanner.Kind, of field: FieldShape, _ name: String
    ) throws {
        switch (type.form, kind) {
        case (.fields, .object): try checkObject(type)
        case (.any, .object): try checkAny(type)
        case (.structure, .object), (.list, .array), (.value, .object), (.value, .array): try checkFree()
        case (.wrapper, _):
            guard let value = type.field(named: "value") else { return try scanner.skipValue() }
            try checkSingle(value, name: name)
        case (_, .object), (_, .array): try refuse(field)
        default:
            let scalar = try scanner.readScalar()
            let fault = ValueRule.fault(
                of: scanner.bytes[scalar.range], kind, text: scanner.string(scalar), as: type.form, field: name)
            if let fault { violations.invalidValue(at: path.text, type: type.typeURL, fault) }
        }
    }

    /// JSON that stands for itself: anything but the same name twice in an object.
    private mutating func checkFree() throws {
        switch try scanner.peek() {
        case .object:
            try scanner.enter()
            var seen = Set<String>()
            while let name = try scanner.nextName(isFirst: seen.isEmpty) {
                if !seen.insert(name).inserted { violations.duplicateName(name, at: path.text) }
                try checkFree()
            }
        case .array:
            try scanner.enter()
            var isFirst = true
            while try scanner.nextElement(isFirst: isFirst) {
                isFirst = false
                try checkFree()
            }
        default:
            _ = try scanner.readScalar()
        }
    }

    /// An Any says in `@type`, at any place among its members, which message it holds.
    private mutating func checkAny(_ type: MessageShape) throws {
        var ahead = scanner
        guard let url = try ahead.stringMember("@type") else {
            try scanner.skipValue()
            return violations.invalidValue(at: path.text, type: type.typeURL, "Missing @type for any field.")
        }
        let fullName = String(url[(url.lastIndex(of: "/").map(url.index(after:)) ?? url.startIndex)...])
        guard let index = schema.index(of: fullName), Google_Protobuf_Any.messageType(forTypeURL: url) != nil else {
            try scanner.skipValue()
            return violations.invalidValue(at: path.text, type: type.typeURL, "Unknown type: \(url)")
        }
        if schema[index].form == .fields {
            try checkObject(schema[index], ignoring: "@type")
        } else {
            // A well-known type in an Any: {"@type": …, "value": …}. The decoder checks it.
            try checkFree()
        }
    }

    // MARK: Refusals

    /// Notes the value at the position as wrong for a field, and reads past it.
    private mutating func refuse(_ field: FieldShape) throws {
        _ = try scanner.peek()
        let start = scanner.position
        try scanner.skipValue()
        note(scanner.bytes[start..<scanner.position], for: field)
    }

    private mutating func note(_ json: ArraySlice<UInt8>, for field: FieldShape) {
        violations.invalidValue(at: path.text, type: typeName(of: field), String(decoding: json, as: UTF8.self))
    }

    private func typeName(of field: FieldShape) -> String { field.type.name(in: schema) }
}

extension FieldType {
    /// As errors name it: `TYPE_INT64`, or the URL of a message or enum.
    func name(in schema: SchemaIndex) -> String {
        switch self {
        case .scalar(let type): "TYPE_" + "\(type)".uppercased()
        case .enumeration(let shape): "type.googleapis.com/\(shape.fullName)"
        case .message(let index): schema[index].typeURL
        }
    }
}

extension JSONScanner {
    /// The string member of an object that is called `name`; nil when there is none.
    mutating func stringMember(_ name: String) throws -> String? {
        try enter()
        var isFirst = true
        while let next = try nextName(isFirst: isFirst) {
            isFirst = false
            if next == name, try peek() == .string { return string(try readScalar()) }
            try skipValue()
        }
        return nil
    }
}
