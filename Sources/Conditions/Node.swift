/// The compiled form of an expression: names are resolved, types fit, and what is constant has been worked out.
indirect enum Node: Sendable {
    case constant(Value)
    /// A part without attributes that cannot be evaluated, for any request.
    case failing(EvaluationError)
    case attribute(Attribute)
    case not(Node)
    case and(Node, Node)
    case or(Node, Node)
    case unary(UnaryOperation, Node)
    case binary(BinaryOperation, Node, Node)
    case list([Node])

    /// Whether the request makes no difference.
    var isConstant: Bool {
        switch self {
        case .constant, .failing: true
        default: false
        }
    }
}

enum UnaryOperation: Hashable, Sendable {
    case negate
    case timestamp
    case date
    case duration
    case field(TimeField, TimeZoneRule)
    case durationField(TimeField)
    case extract(ExtractionTemplate)
    case hasTagKey
    case hasTagKeyID
}

enum BinaryOperation: Hashable, Sendable {
    case equal
    case notEqual
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual
    case contained
    case add
    case subtract
    case multiply
    case divide
    case remainder
    case startsWith
    case endsWith
    case hasOnly
    case matchTag
    case matchTagID
    case apiAttribute

    /// Whether the operation looks at the request itself, beyond its operands.
    var needsRequest: Bool { [.matchTag, .matchTagID, .apiAttribute].contains(self) }
}

extension UnaryOperation {
    /// Whether the operation looks at the request itself, beyond its operand.
    var needsRequest: Bool { [.hasTagKey, .hasTagKeyID].contains(self) }
}
