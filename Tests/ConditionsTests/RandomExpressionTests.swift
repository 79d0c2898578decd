import Testing

@testable import Conditions

@Suite("Any expression")
struct RandomExpressionTests {
    @Test("reads as the same tree when it is written out")
    func roundTrip() throws {
        var random = Seeded("round trip")
        for _ in 0..<3000 {
            let tree = Self.tree(depth: 6, &random)
            let text = tree.description
            guard let again = try Self.parsed(text) else { continue }
            #expect(again == tree, "\(text) became \(again)")
        }
    }

    @Test("of random words is compiled or refused, and has an outcome and an explanation for any request")
    func words() {
        var random = Seeded("words")
        var compiled = 0
        for _ in 0..<20_000 {
            let words = (0...Int.random(in: 0...9, using: &random)).map { _ in
                Self.words.randomElement(using: &random) ?? ""
            }
            guard let condition = try? Condition(words.joined(separator: " ")) else { continue }
            compiled += 1
            for request in [Attributes.sample, Attributes(requestTime: nil)] {
                let explanation = condition.explain(for: request)
                #expect(explanation.outcome == condition.evaluate(for: request))
                #expect(!explanation.description.isEmpty)
            }
        }
        #expect(compiled > 0)
    }

    @Test("of random bytes is refused with a place in it, or compiled")
    func bytes() {
        var random = Seeded("bytes")
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            do {
                _ = try Condition(text)
            } catch {
                #expect((0...text.unicodeScalars.count).contains(error.location.offset))
                #expect(error.location.line >= 1 && error.location.column >= 1)
            }
        }
    }

    /// The tree of a text; nil when it has more operators than conditions may have.
    private static func parsed(_ text: String) throws -> Expression? {
        do {
            return try Parser.parse(text)
        } catch let error where error.check == .complexity {
            return nil
        }
    }

    private static let words =
        Attribute.allCases.map(\.rawValue) + BinaryOperator.allCases.map(\.rawValue)
        + Signature.all.map { ".\($0.name)(" } + [
            "(", ")", "[", "]", ",", "!", "-", "true", "false", "1", "22", "-5", "'a'", "'987/env'", "'prod'", "'UTC'",
            "timestamp('2009-02-13T23:31:30Z')", "duration('1h')", "date('2009-02-13')", "resource", "api", "'{a}'",
        ] + ["destination.port == 22", "request.time.getHours() > 5", "resource.hasTagKey('987/env')"]

    private static func tree(depth: Int, _ random: inout Seeded) -> Expression {
        Expression(kind(depth: depth, &random), range: 0..<0)
    }

    private static func kind(depth: Int, _ random: inout Seeded) -> Expression.Kind {
        switch Int.random(in: depth > 0 ? 0..<10 : 0..<4, using: &random) {
        case 0: return .bool(.random(using: &random))
        case 1: return .int([0, 5, -5, .max, .min].randomElement(using: &random) ?? 0)
        case 2: return .string(["", "a", "\"'\\", "\n\u{0}é\u{301}\u{202E}", "😀"].randomElement(using: &random) ?? "")
        case 3: return .identifier(["a", "request", "_x9", "r", "b", "rb"].randomElement(using: &random) ?? "a")
        case 4: return .selection(tree(depth: depth - 1, &random), field: "time")
        case 5: return .call("f", target: nil, arguments: trees(depth: depth - 1, &random))
        case 6:
            return .call("g", target: tree(depth: depth - 1, &random), arguments: trees(depth: depth - 1, &random))
        case 7: return .list(trees(depth: depth - 1, &random))
        case 8:
            // Signs of different kinds need parentheses between them, which CEL does not have: `!-a` is none.
            return .unary(.random(using: &random) ? .not : .minus, tree(depth: depth - 1, &random))
        default:
            let sign = BinaryOperator.allCases.randomElement(using: &random) ?? .and
            return .binary(sign, tree(depth: depth - 1, &random), tree(depth: depth - 1, &random))
        }
    }

    private static func trees(depth: Int, _ random: inout Seeded) -> [Expression] {
        (0..<Int.random(in: 0...2, using: &random)).map { _ in tree(depth: depth, &random) }
    }
}
