/// Checks the names and types of a tree, and makes of it what can be evaluated.
struct Compiler {
    private let text: String
    private let vocabulary: Condition.Vocabulary
    private var atoms: [Atom] = []
    private var operands: [Atom.Operand] = []
    private var malformedTimestamp: EvaluationError?

    /// A checked part of an expression.
    private typealias Part = (node: Node, type: ValueType)

    /// What has become of an expression.
    struct Result: Sendable {
        let node: Node
        let atoms: [Atom]
    }

    /// Compiles a tree.
    ///
    /// - Parameter text: the text that the tree was read from.
    /// - Throws: `ConditionError` that names the first part that does not fit.
    static func compile(
        _ expression: Expression, of text: String, vocabulary: Condition.Vocabulary
    ) throws(ConditionError) -> Result {
        var compiler = Compiler(text: text, vocabulary: vocabulary)
        let node = try compiler.condition(expression)
        // A condition with a timestamp that is none never lets anybody in, even where CEL's `||` would (IAM's rule).
        return Result(node: compiler.malformedTimestamp.map(Node.failing) ?? node, atoms: compiler.atoms)
    }

    private init(text: String, vocabulary: Condition.Vocabulary) {
        self.text = text
        self.vocabulary = vocabulary
    }

    private func error(
        _ message: String, at expression: Expression, check: Finding.Check = .compilation
    ) -> ConditionError {
        ConditionError(message, at: expression.range.lowerBound, of: text, check: check)
    }
}

// What is true or false.
extension Compiler {
    /// A part that decides: its logical operators are taken apart, so that each of their operands can be explained.
    private mutating func condition(_ expression: Expression) throws(ConditionError) -> Node {
        switch expression.kind {
        case .binary(.and, let left, let right): return Node.and(try condition(left), try condition(right)).folded
        case .binary(.or, let left, let right): return Node.or(try condition(left), try condition(right)).folded
        case .unary(.not, let operand): return Node.not(try condition(operand)).folded
        default:
            operands = []
            let node = try truth(expression)
            atoms.append(Atom(expression, node: node, operands: operands))
            return node
        }
    }

    private mutating func truth(_ expression: Expression) throws(ConditionError) -> Node {
        let (node, type) = try part(expression)
        guard type.fits(.bool) else {
            throw error("this is of type \(type); what is true or false is needed here", at: expression)
        }
        return node
    }
}

// Parts of every type.
extension Compiler {
    private mutating func part(_ expression: Expression) throws(ConditionError) -> Part {
        let part: Part =
            switch expression.kind {
            case .bool(let value): (.constant(.bool(value)), .bool)
            case .int(let value): (.constant(.int(value)), .int)
            case .string(let value): (.constant(.string(value)), .string)
            case .identifier, .selection: try attribute(expression)
            case .list(let elements): try list(elements)
            case .call(let name, let target, let arguments): try call(name, target, arguments, expression)
            case .unary(.not, let operand): (Node.not(try truth(operand)).folded, .bool)
            case .unary(.minus, let operand): try negation(operand)
            case .binary(.and, let left, let right): (Node.and(try truth(left), try truth(right)).folded, .bool)
            case .binary(.or, let left, let right): (Node.or(try truth(left), try truth(right)).folded, .bool)
            case .binary(let sign, let left, let right): try operation(sign, left, right, expression)
            case .null, .index, .conditional: throw error("conditions do not have this", at: expression)
            }
        if case .failing(let error) = part.node {
            if case .malformed("timestamp", _) = error { malformedTimestamp = malformedTimestamp ?? error }
        } else if !part.node.isConstant, part.type != .bool {
            operands.append(Atom.Operand(expression, node: part.node))
        }
        return part
    }

    private func attribute(_ expression: Expression) throws(ConditionError) -> Part {
        guard let attribute = Attribute(rawValue: expression.description) else {
            throw error("there is no attribute \(expression.description.prefix(100))", at: expression)
        }
        guard vocabulary == .all else {
            throw error("\(attribute.rawValue) cannot be used here: only functions of tags can", at: expression)
        }
        return (.attribute(attribute), attribute.type)
    }

    private mutating func list(_ elements: [Expression]) throws(ConditionError) -> Part {
        var nodes: [Node] = []
        var type = ValueType.anything
        for element in elements {
            let (node, elementType) = try part(element)
            guard type.fits(elementType) else {
                throw error("a list holds values of one type: this is \(elementType) and not \(type)", at: element)
            }
            if type == .anything { type = elementType }
            nodes.append(node)
        }
        return (Node.list(nodes).folded, .list(type))
    }

    private mutating func negation(_ operand: Expression) throws(ConditionError) -> Part {
        let (node, type) = try part(operand)
        guard type == .int else { throw error("- does not take \(type)", at: operand) }
        return (Node.unary(.negate, node).folded, .int)
    }

    private mutating func operation(
        _ sign: BinaryOperator, _ left: Expression, _ right: Expression, _ whole: Expression
    ) throws(ConditionError) -> Part {
        let (leftPart, rightPart) = (try part(left), try part(right))
        guard let (operation, result) = sign.operation(leftPart.type, rightPart.type) else {
            throw error("\(sign.rawValue) does not take \(leftPart.type) and \(rightPart.type)", at: whole)
        }
        return (Node.binary(operation, leftPart.node, rightPart.node).folded, result)
    }
}

// Calls.
extension Compiler {
    private mutating func call(
        _ name: String, _ target: Expression?, _ arguments: [Expression], _ whole: Expression
    ) throws(ConditionError) -> Part {
        var name = name
        var parts: [Part] = []
        var hasTarget = false
        if case .identifier(let namespace) = target?.kind, Signature.namespaces.contains(namespace) {
            name = "\(namespace).\(name)"
        } else if let target {
            parts.append(try part(target))
            hasTarget = true
        }
        for argument in arguments { parts.append(try part(argument)) }
        let types = parts.map(\.type)
        let signature = try signature(
            name, hasTarget ? types[0] : nil, Array(types.dropFirst(hasTarget ? 1 : 0)), whole)
        let node = try node(signature.operation, parts.map(\.node), arguments)
        return (node.folded, signature.result ?? types.last ?? .anything)
    }

    private func signature(
        _ name: String, _ target: ValueType?, _ arguments: [ValueType], _ whole: Expression
    ) throws(ConditionError) -> Signature {
        let candidates = Signature.all.filter { $0.name == name }
        guard !candidates.isEmpty else { throw error("there is no function \(name)", at: whole) }
        guard vocabulary == .all || name.hasPrefix("resource.") else {
            throw error("\(name) cannot be used here: only functions of tags can", at: whole)
        }
        if let signature = candidates.first(where: { $0.takes(target, arguments) }) { return signature }
        let call = Signature.describe(name, target, arguments)
        let forms = candidates.map(\.description).joined(separator: " and ")
        throw error("there is no \(call); there is \(forms)", at: whole)
    }

    /// - Parameter operands: the target, if there is one, and the arguments.
    private func node(
        _ operation: Signature.Operation, _ operands: [Node], _ arguments: [Expression]
    ) throws(ConditionError) -> Node {
        switch operation {
        case .unary(let operation): return .unary(operation, operands[0])
        case .binary(let operation): return .binary(operation, operands[0], operands[1])
        case .zoned(let field):
            let name = try writtenOut("time zone", operands[1], arguments[0])
            guard let zone = TimeZoneRule(name) else { return .failing(.unknownTimeZone(name)) }
            return .unary(.field(field, zone), operands[0])
        case .extract:
            let text = try writtenOut("template", operands[1], arguments[0])
            guard let template = ExtractionTemplate(text) else { return .failing(.malformedTemplate(text)) }
            return .unary(.extract(template), operands[0])
        case .hasOnly:
            try checkAllowed(operands[1], arguments[0])
            return .binary(.hasOnly, operands[0], operands[1])
        case .apiAttribute:
            try checkDefault(operands[0], arguments[1])
            return .binary(.apiAttribute, operands[0], operands[1])
        }
    }

    /// The text of an argument that has to be known when the condition is compiled, as everybody writes it.
    private func writtenOut(
        _ meaning: String, _ node: Node, _ argument: Expression
    ) throws(ConditionError) -> String {
        guard case .constant(.string(let text)) = node else {
            throw error("the \(meaning) must be written out", at: argument)
        }
        return text
    }

    private func checkAllowed(_ node: Node, _ argument: Expression) throws(ConditionError) {
        guard case .constant(.list(let values)) = node else {
            throw error(
                "hasOnly() expects an argument of type list containing only const values, but a non-const expression "
                    + "was found in the list.", at: argument, check: .listConstants)
        }
        guard values.count <= Condition.maximumAllowedValues else {
            throw error(
                "The list argument to hasOnly() cannot have more than \(Condition.maximumAllowedValues) elements",
                at: argument, check: .listLength)
        }
    }

    private func checkDefault(_ name: Node, _ argument: Expression) throws(ConditionError) {
        guard case .constant(.string(APIAttribute.modifiedGrantsByRole)) = name, argument.kind != .list([]) else {
            return
        }
        throw error(
            "api.getAttribute call on '\(APIAttribute.modifiedGrantsByRole)' can only accept empty list ('[]') as "
                + "default value.", at: argument, check: .grantsDefault)
    }
}
