import SwiftProtobuf

/// Compares the JSON of a request with the descriptor of its message, and notes everything that does not fit.
///
/// It decodes nothing: a body without violations goes on to swift-protobuf as it came.
struct RequestWalk {
    let schema: SchemaIndex
    var scanner: JSONScanner
    var path = FieldPath()
    var violations = Violations()

    init(_ bytes: [UInt8], schema: SchemaIndex, maximumDepth: Int) {
        self.schema = schema
        scanner = JSONScanner(bytes, maximumDepth: maximumDepth)
    }

    /// Checks a text that is the whole request.
    ///
    /// - Throws: `JSONScanner.Malformed` when it is not JSON, `Violations.Full` when there are too many.
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
    /// - Throws: `JSONScanner.Malformed` when it is not JSON, `Violations.Full` when there are too many.
    mutating func check(_ field: FieldShape) throws {
        path.enter(field: field.name)
        try checkField(field, called: nil)
        path.leave()
        try scanner.finish()
    }

    // MARK: Objects

    /// - Parameter ignored: A name that is no field and belongs to the object all the same.
    mutating func checkObject(_ type: MessageShape, ignoring ignored: String? = nil) throws {
        try scanner.enter()
        var seen = Set<Int>()
        var oneofs: [String: String] = [:]
        var isFirst = true
        while let name = try scanner.nextName(isFirst: isFirst) {
            isFirst = false
            try violations.checkRoom()
            guard let field = type.field(named: name) else {
                if name != ignored {
                    violations.unknownName(name, at: path.text, "Cannot find field.")
                } else if !seen.insert(-1).inserted {
                    violations.duplicateName(name, at: path.text)
                }
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
            try checkField(field, called: name)
            path.leave()
        }
    }

    // MARK: Fields

    /// - Parameter name: The field as the text calls it; nil when the text does not.
    private mutating func checkField(_ field: FieldShape, called name: String?) throws {
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

    mutating func checkSingle(_ field: FieldShape, name: String) throws {
        try violations.checkRoom()
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

    // MARK: Refusals

    /// Notes the value at the position as wrong for a field, and reads past it.
    mutating func refuse(_ field: FieldShape) throws {
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
