/// Checks the names and types of a tree, and makes of it what can be evaluated.
struct Compiler {
    private let text: String
    private let vocabulary: Condition.Vocabulary
    private var atoms: [Atom] = []
    private var operands: [Atom.Operand] = []
    private var findings: [Finding] = []
    private var uses: [Use] = []

    /// A checked part of an expression.
    private typealias Part = (node: Node, type: ValueType)

    /// What has become of an expression.
    struct Result: Sendable {
        let node: Node
        let atoms: [Atom]
        let findings: [Finding]
        let uses: [Use]
    }

    /// An attribute, where it is asked for.
    struct Use: Sendable {
        let attribute: Attribute
        /// Where its name begins, in bytes of UTF-8.
        let byte: Int
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
        compiler.noteConstant(node, expression)
        return Result(node: node, atoms: compiler.atoms, findings: compiler.findings, uses: compiler.uses)
    }

    private init(text: String, vocabulary: Condition.Vocabulary) {
        self.text = text
        self.vocabulary = vocabulary
    }

    private func error(_ message: String, at expression: Expression) -> ConditionError {
        ConditionError(message, at: expression.range.lowerBound, of: text)
    }

    private mutating func note(
        _ severity: Finding.Severity, _ check: Finding.Check, _ message: String, at expression: Expression
    ) {
        let location = SourceLocation(byte: expression.range.lowerBound, of: text)
        findings.append(Finding(severity: severity, check: check, location: location, message: message))
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

    private mutating func noteConstant(_ node: Node, _ expression: Expression) {
        switch node {
        case .constant(.bool(true)):
            note(.notice, .constants, "the condition is true whatever the request", at: expression)
        case .constant(.bool(false)):
            note(.warning, .constants, "the condition is false whatever the request", at: expression)
        default: break
        }
    }
}

// Parts of every type.
extension Compiler {
    private mutating func part(_ expression: Expression) throws(ConditionError) -> Part {
        let noted = findings.count
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
            }
        if case .failing(let error) = part.node {
            // What contains a part that fails may fail for it alone: the innermost is named.
            guard findings.count == noted else { return part }
            note(.warning, .constants, "\(error): the condition can never rely on this part", at: expression)
        } else if !part.node.isConstant, part.type != .bool {
            operands.append(Atom.Operand(expression, node: part.node))
        }
        return part
    }

    private mutating func attribute(_ expression: Expression) throws(ConditionError) -> Part {
        guard let attribute = Attribute(rawValue: expression.description) else {
            throw error("there is no attribute \(expression.description.prefix(100))", at: expression)
        }
        guard vocabulary == .all else {
            throw error("\(attribute.rawValue) cannot be used here: only functions of tags can", at: expression)
        }
        uses.append(Use(attribute: attribute, byte: expression.range.lowerBound))
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
        noteRange(leftPart.node, rightPart.node, right)
        noteRange(rightPart.node, leftPart.node, left)
        return (Node.binary(operation, leftPart.node, rightPart.node).folded, result)
    }

    /// Warns when a field of a timestamp meets a number that it can never be.
    private mutating func noteRange(_ field: Node, _ number: Node, _ expression: Expression) {
        guard case .unary(.field(let field, _), _) = field, case .constant(.int(let number)) = number,
            !field.range.contains(number)
        else { return }
        let range = "\(field.range.lowerBound) to \(field.range.upperBound)"
        note(.warning, .constants, "\(field.rawValue) gives \(range), never \(number)", at: expression)
    }
}

// Calls.
extension Compiler {
    private mutating func call(
        _ name: String, _ target: Expression?, _ arguments: [Expression], _ whole: Expression
    ) throws(ConditionError) -> Part {
        var name = name
        var targetPart: Part?
        if case .identifier(let namespace) = target?.kind, Signature.namespaces.contains(namespace) {
            name = "\(namespace).\(name)"
        } else if let target {
            targetPart = try part(target)
        }
        var argumentParts: [Part] = []
        for argument in arguments { argumentParts.append(try part(argument)) }
        let signature = try signature(name, targetPart?.type, argumentParts.map(\.type), whole)
        let nodes = (targetPart.map { [$0.node] } ?? []) + argumentParts.map(\.node)
        return (try node(signature.operation, nodes, arguments).folded, signature.result)
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

    private func node(
        _ operation: Signature.Operation, _ nodes: [Node], _ arguments: [Expression]
    ) throws(ConditionError) -> Node {
        switch operation {
        case .unary(let operation): return .unary(operation, nodes[0])
        case .binary(let operation): return .binary(operation, nodes[0], nodes[1])
        case .zoned(let field):
            let name = try writtenOut("time zone", nodes[1], arguments[0])
            guard let zone = TimeZoneRule(name) else { return .failing(.unknownTimeZone(name)) }
            return .unary(.field(field, zone), nodes[0])
        case .extract:
            let text = try writtenOut("template", nodes[1], arguments[0])
            guard let template = ExtractionTemplate(text) else { return .failing(.malformedTemplate(text)) }
            return .unary(.extract(template), nodes[0])
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
}
