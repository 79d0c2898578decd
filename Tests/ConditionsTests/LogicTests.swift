import Testing

@testable import Conditions

@Suite("&& and ||")
struct LogicTests {
    /// The atoms, true, false and not evaluable; each once so that it is constant, and once so that it is not.
    private static let atoms: [(text: String, value: Bool?)] = [
        ("true", true), ("false", false), ("1 / 0 == 1", nil), ("destination.port == 22", true),
        ("destination.port == 23", false), ("request.host == 'x'", nil),
    ]

    @Test("let either side decide, even when the other cannot be evaluated", arguments: atoms.indices, atoms.indices)
    func absorption(left: Int, right: Int) throws {
        let (left, right) = (Self.atoms[left], Self.atoms[right])
        let and = left.value == false || right.value == false ? false : left.value.flatMap { _ in right.value }
        let or = left.value == true || right.value == true ? true : left.value.flatMap { _ in right.value }
        #expect(try Self.value("\(left.text) && \(right.text)") == and)
        #expect(try Self.value("\(left.text) || \(right.text)") == or)
        #expect(try Self.value("(\(left.text) && \(right.text)) == true || false") == and)
    }

    @Test("are three-valued logic, however they are put together")
    func random() throws {
        var random = Seeded("logic")
        for _ in 0..<2000 {
            let (text, value) = Self.expression(operators: 12, &random)
            #expect(try Self.value(text) == value, "\(text)")
        }
    }

    private static func value(_ expression: String) throws -> Bool? {
        switch try Condition.outcome(expression) {
        case .met: true
        case .notMet: false
        case .notEvaluable: nil
        }
    }

    /// A random expression with at most so many operators, and what Kleene's logic says it is.
    private static func expression(operators: Int, _ random: inout Seeded) -> (String, Bool?) {
        guard operators > 0, Int.random(in: 0..<6, using: &random) > 0 else {
            let atom = atoms.randomElement(using: &random) ?? atoms[0]
            return ("(\(atom.text))", atom.value)
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            let (text, value) = expression(operators: operators - 1, &random)
            return ("!\(text)", value.map { !$0 })
        }
        let first = Int.random(in: 0..<operators, using: &random)
        let (left, leftValue) = expression(operators: first, &random)
        let (right, rightValue) = expression(operators: operators - 1 - first, &random)
        let isAnd = Bool.random(using: &random)
        let decides = leftValue == !isAnd || rightValue == !isAnd
        let value = decides ? !isAnd : leftValue == nil || rightValue == nil ? nil : isAnd
        return ("(\(left) \(isAnd ? "&&" : "||") \(right))", value)
    }
}
