/// A part of a condition between its logical operators, and what it is made of: what an explanation shows.
struct Atom: Sendable {
    let text: String
    let node: Node
    let operands: [Operand]

    /// How many operands an explanation shows of each part: the first.
    private static let maximumOperands = 16

    init(_ expression: Expression, node: Node, operands: [Operand]) {
        text = expression.description.shortened
        self.node = node
        self.operands = Array(operands.prefix(Self.maximumOperands))
    }

    /// Something in the part that depends on the request, and is not itself true or false.
    struct Operand: Sendable {
        let text: String
        let node: Node

        init(_ expression: Expression, node: Node) {
            text = expression.description.shortened
            self.node = node
        }
    }
}

extension String {
    /// The text with its end left out when it is longer than people read.
    fileprivate var shortened: String {
        let beginning = prefix(300)
        return beginning.endIndex == endIndex ? self : beginning + "…"
    }
}

/// Why a condition was met by a request, or was not.
public struct Explanation: Hashable, Sendable {
    /// The whole expression.
    public let expression: String
    /// What the whole expression is for the request.
    public let outcome: Outcome
    /// The parts between the logical operators, in their order. All are shown, also those that did not decide.
    public let parts: [Part]

    /// A part of a condition.
    public struct Part: Hashable, Sendable {
        /// The part, written out on one line; what is very long is cut.
        public let expression: String
        /// What the part is for the request.
        public let outcome: Outcome
        /// What in it depends on the request.
        public let values: [Value]
    }

    /// What something in a condition is for the request.
    public struct Value: Hashable, Sendable {
        /// Written out: `request.time`.
        public let expression: String
        /// In CEL: a time in RFC 3339, a text in quotes; nil when there is none. What is very long is cut.
        public let value: String?
    }
}

extension Explanation.Part: CustomStringConvertible {
    /// `request.time < timestamp("2026-10-01T00:00:00Z") is false: request.time is 2026-11-21T09:00:00Z`.
    public var description: String {
        let known = values.compactMap { value in value.value.map { "\(value.expression) is \($0)" } }
        switch outcome {
        case .met, .notMet:
            let facts = known.isEmpty ? "" : ": " + known.joined(separator: ", ")
            return "\(expression) is \(outcome == .met)\(facts)"
        case .notEvaluable(let error):
            return "\(expression) cannot be evaluated: " + (["\(error)"] + known).joined(separator: ", ")
        }
    }
}

extension Explanation: CustomStringConvertible {
    /// One line for each part.
    public var description: String { parts.map(\.description).joined(separator: "\n") }
}

extension Condition {
    /// Looks at every part of the condition for a request. Slower than `evaluate`: for people.
    public func explain(for request: Attributes) -> Explanation {
        let parts = compiled.atoms.map { atom in
            Explanation.Part(
                expression: atom.text, outcome: Outcome(of: atom.node, for: request),
                values: atom.operands.map { operand in
                    let value = try? operand.node.value(for: request)
                    return Explanation.Value(expression: operand.text, value: value?.description.shortened)
                })
        }
        return Explanation(expression: expression, outcome: evaluate(for: request), parts: parts)
    }
}
