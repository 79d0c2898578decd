import Schema

/// A filter as a tree.
indirect enum Expression: Sendable {
    case all([Expression])
    case any([Expression])
    case not(Expression)
    case comparison(Comparison)
    case exists(Field)
    /// Text that any field may contain.
    case search(FoldedText)
    case function(Function)

    func matches(_ entry: LogEntry) -> Bool {
        switch self {
        case .all(let parts): parts.allSatisfy { $0.matches(entry) }
        case .any(let parts): parts.contains { $0.matches(entry) }
        case .not(let part): !part.matches(entry)
        case .comparison(let comparison): comparison.matches(entry)
        case .exists(let field): field.exists(in: entry)
        case .search(let text): entry.anyText { text.isContained(in: $0) }
        case .function(let function): function.matches(entry)
        }
    }
}

/// `field OP value`. A missing field satisfies no comparison; of a list, one element suffices.
struct Comparison: Sendable {
    let field: Field
    let relation: ComparisonOperator
    let operand: Operand

    func matches(_ entry: LogEntry) -> Bool {
        if relation == .has, field.hasKey(operand, in: entry) { return true }
        return field.anyValue(in: entry) { operand.holds(relation, for: $0) }
    }
}

extension Field {
    /// Whether the field is a map, of which `:` asks for a key.
    fileprivate func hasKey(_ operand: Operand, in entry: LogEntry) -> Bool {
        switch self {
        case .labels(nil): entry.labels[operand.text] != nil
        case .resourceLabels(nil): entry.resource.labels[operand.text] != nil
        case .jsonPayload([]):
            if case .jsonPayload(let payload) = entry.payload { payload.has([operand.text]) } else { false }
        default: false
        }
    }
}

extension LogEntry {
    /// Whether any text or number in the entry satisfies the condition. Severities and truth values do not count:
    /// every entry has them.
    func anyText(satisfies condition: (String) -> Bool) -> Bool {
        func test(_ value: Scalar) -> Bool {
            switch value {
            case .string, .integer, .number: value.text.map(condition) ?? false
            case .severity, .bool, .null, .time, .duration: false
            }
        }
        return Attribute.all.contains { $0.value(self).map(test) ?? false }
            || Field.labels(key: nil).anyValue(in: self, satisfies: test)
            || Field.resourceLabels(key: nil).anyValue(in: self, satisfies: test)
            || Field.jsonPayload([]).anyValue(in: self, satisfies: test)
            || Field.protoPayload([]).anyValue(in: self, satisfies: test)
    }
}
