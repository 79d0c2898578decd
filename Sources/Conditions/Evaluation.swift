extension Node {
    /// The value for a request.
    ///
    /// There are no loops: the work is at most the number of nodes times the length of the texts.
    func value(for request: borrowing Attributes) throws(EvaluationError) -> Value {
        switch self {
        case .constant(let value): return value
        case .failing(let error): throw error
        case .attribute(let attribute):
            guard let value = request.value(of: attribute) else { throw .missing(attribute) }
            return value
        case .not(let operand): return .bool(!(try operand.truth(for: request)))
        case .and(let left, let right): return .bool(try Self.decide(left, right, by: false, for: request))
        case .or(let left, let right): return .bool(try Self.decide(left, right, by: true, for: request))
        case .unary(let operation, let operand):
            return try operation.apply(to: operand.value(for: request), for: request)
        case .binary(let operation, let left, let right):
            return try operation.apply(to: left.value(for: request), right.value(for: request), for: request)
        case .list(let nodes):
            var values: [Value] = []
            for node in nodes { values.append(try node.value(for: request)) }
            return .list(values)
        }
    }

    /// The value of a node that is true or false.
    func truth(for request: borrowing Attributes) throws(EvaluationError) -> Bool {
        guard case .bool(let value) = try value(for: request) else { throw .wrongType("an operand") }
        return value
    }

    /// `&&` and `||`: either side alone can decide, whichever it is, even when the other cannot be evaluated.
    private static func decide(
        _ left: Node, _ right: Node, by deciding: Bool, for request: borrowing Attributes
    ) throws(EvaluationError) -> Bool {
        let failure: EvaluationError?
        do throws(EvaluationError) {
            if try left.truth(for: request) == deciding { return deciding }
            failure = nil
        } catch {
            failure = error
        }
        guard let failure else { return try right.truth(for: request) }
        if let value = try? right.truth(for: request), value == deciding { return deciding }
        throw failure
    }
}

extension UnaryOperation {
    func apply(to operand: Value, for request: borrowing Attributes) throws(EvaluationError) -> Value {
        switch (self, operand) {
        case (.negate, .int(let value)):
            guard value != .min else { throw .outOfRange("number") }
            return .int(-value)
        case (.timestamp, .string(let text)):
            guard let value = Timestamp(text) else { throw .malformed(function: "timestamp", text: text) }
            return .timestamp(value)
        case (.date, .string(let text)):
            guard let value = Timestamp(date: text) else { throw .malformed(function: "date", text: text) }
            return .timestamp(value)
        case (.duration, .string(let text)):
            guard let value = DurationText.read(text) else { throw .malformed(function: "duration", text: text) }
            return .duration(value)
        case (.field(let field, let zone), .timestamp(let value)): return .int(field.value(of: value, in: zone))
        case (.durationField(let field), .duration(let value)): return .int(field.value(of: value))
        case (.extract(let template), .string(let text)): return .string(template.extract(from: text))
        case (.hasTagKey, .string(let key)): return .bool(try request.hasTag { $0.key.hasSameBytes(as: key) })
        case (.hasTagKeyID, .string(let key)): return .bool(try request.hasTag { $0.keyID.hasSameBytes(as: key) })
        default: throw .wrongType("an operand")
        }
    }
}

extension BinaryOperation {
    func apply(
        to left: Value, _ right: Value, for request: borrowing Attributes
    ) throws(EvaluationError) -> Value {
        switch self {
        case .equal: return .bool(left == right)
        case .notEqual: return .bool(left != right)
        case .less: return .bool(try left.precedes(right))
        case .lessOrEqual: return .bool(!(try right.precedes(left)))
        case .greater: return .bool(try right.precedes(left))
        case .greaterOrEqual: return .bool(!(try left.precedes(right)))
        case .add, .subtract, .multiply, .divide, .remainder: return try compute(left, right)
        case .contained, .hasOnly: return .bool(try look(for: left, in: right))
        case .startsWith, .endsWith: return .bool(try compare(left, right))
        case .matchTag, .matchTagID: return .bool(try match(left, right, for: request))
        case .apiAttribute: return try Self.apiAttribute(left, default: right, for: request)
        }
    }

    private func look(for left: Value, in right: Value) throws(EvaluationError) -> Bool {
        switch (self, left, right) {
        case (.contained, let value, .list(let values)): return values.contains(value)
        case (.hasOnly, .list(let held), .list(let allowed)): return held.allSatisfy(allowed.contains)
        default: throw .wrongType("an operand")
        }
    }

    private func compare(_ left: Value, _ right: Value) throws(EvaluationError) -> Bool {
        guard case .string(let text) = left, case .string(let part) = right else { throw .wrongType("an operand") }
        return self == .startsWith ? text.hasBytes(atStart: part) : text.hasBytes(atEnd: part)
    }

    private func match(
        _ key: Value, _ value: Value, for request: borrowing Attributes
    ) throws(EvaluationError) -> Bool {
        guard case .string(let key) = key, case .string(let value) = value else {
            throw .wrongType("an operand")
        }
        let isByID = self == .matchTagID
        return try request.hasTag {
            (isByID ? $0.keyID : $0.key).hasSameBytes(as: key)
                && (isByID ? $0.valueID : $0.value).hasSameBytes(as: value)
        }
    }

    private static func apiAttribute(
        _ name: Value, default value: Value, for request: borrowing Attributes
    ) throws(EvaluationError) -> Value {
        guard case .string(let name) = name, let attribute = request.api[name] else { return value }
        guard let known = attribute.value else { throw .missingAPIAttribute(name) }
        switch (known, value) {
        case (.string, .string), (.list, .list): return known
        default: throw .wrongType(name)
        }
    }
}

extension Attributes {
    /// Whether the resource has a tag.
    fileprivate borrowing func hasTag(where matches: (Tag) -> Bool) throws(EvaluationError) -> Bool {
        guard let tags else { throw .missingTags }
        return tags.contains(where: matches)
    }
}
