import SwiftProtobuf

/// The forms of messages: objects of fields, and the well-known types that JSON writes in its own way.
extension RequestWalk {
    /// Checks a value that stands for a message, by the form that JSON gives it.
    ///
    /// - Parameter name: The field as the text calls it.
    mutating func checkMessage(
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
            try violations.checkRoom()
            let scalar = try scanner.readScalar()
            if !ValueRule.isFinite(scanner.bytes[scalar.range], scalar.kind) {
                violations.invalidValue(
                    at: path.text, type: "TYPE_DOUBLE", "The number is out of range: \(scanner.string(scalar))")
            }
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
        try checkObject(schema[index].form == .fields ? schema[index] : Self.holder(of: index), ignoring: "@type")
    }

    /// What an Any of a well-known type looks like: `{"@type": …, "value": …}`.
    private static func holder(of index: Int) -> MessageShape {
        var shape = MessageShape(fullName: "google.protobuf.Any")
        shape.fields = [
            FieldShape(
                index: 0, name: "value", jsonName: "value", isRepeated: false, oneof: nil, type: .message(index))
        ]
        shape.indices = ["value": 0]
        return shape
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
