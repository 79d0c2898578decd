/// The right side of a comparison, read once in every way that values may ask for.
struct Operand: Sendable {
    let text: String
    let folded: FoldedText
    let number: Double?
    let bool: Bool?
    let isNull: Bool
    var time: Int64?
    var duration: Double?
    var severity: Int?
    var pattern: Pattern?

    init(text: String, isQuoted: Bool) {
        self.text = text
        folded = FoldedText(text)
        number = Double(text)
        bool = text.lowercased() == "true" ? true : text.lowercased() == "false" ? false : nil
        isNull = !isQuoted && text == "NULL_VALUE"
    }

    /// Reads `3.5s` or a number of seconds.
    static func seconds(_ text: String) -> Double? {
        Double(text.hasSuffix("s") ? String(text.dropLast()) : text)
    }

    /// Whether a value stands in the relation that the operator names. Values of another kind differ.
    func holds(_ relation: ComparisonOperator, for value: Scalar) -> Bool {
        if relation == .found || relation == .notFound {
            guard let pattern, let text = value.text else { return false }
            return pattern.isFound(in: text) == (relation == .found)
        }
        switch value {
        case .string(let text): return holds(relation, for: text)
        case .integer(let number): return compare(relation, Double(number), self.number)
        case .number(let number): return compare(relation, number, self.number)
        case .bool(let value): return compare(relation, value ? 1 : 0, bool.map { $0 ? 1 : 0 })
        case .null: return relation == .notEqual ? !isNull : isNull && !relation.isOrdering
        case .time(let time): return compare(relation, time, self.time)
        case .duration(let seconds): return compare(relation, seconds, duration)
        case .severity(let number): return compare(relation, number, severity)
        }
    }

    private func compare<Value: Comparable>(_ relation: ComparisonOperator, _ value: Value, _ other: Value?) -> Bool {
        guard let other else { return relation == .notEqual }
        return relation.holds(value, other)
    }

    private func holds(_ relation: ComparisonOperator, for text: String) -> Bool {
        switch relation {
        case .equal: return folded.equals(text)
        case .notEqual: return !folded.equals(text)
        case .has: return folded.isContained(in: text)
        default:
            if let number, let other = Double(text) { return relation.holds(other, number) }
            return relation.holds(folded.order(of: text), 0)
        }
    }
}
