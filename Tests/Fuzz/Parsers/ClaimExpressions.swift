@testable import Conditions

extension FuzzedParser {
    /// Expressions over the claims of a token. One that is taken reads as the same tree when it is written out, and has
    /// a value or an error for any claims. One that is refused names a place in it.
    static let claimExpression = FuzzedParser("claim-expression") { input in
        let text = input.text
        let expression: ClaimExpression
        do throws(ConditionError) {
            expression = try ClaimExpression(text, in: .condition)
        } catch {
            let length = text.unicodeScalars.count
            return try expect(error.location.offset <= length, "the place \(error.location.offset) is beyond \(length)")
        }
        let grammar = Grammar.claims(maximumLength: 100_000)
        let tree = try Parser.parse(text, as: grammar)
        let written = tree.description
        guard let again = try? Parser.parse(written, as: grammar) else {
            throw Violation(description: "\(written) does not read")
        }
        try expect(again == tree, "\(written) reads as \(again)")
        _ = try? expression.evaluate(claims)
    }

    private static let claims: [String: ClaimValue] = [
        "assertion": .map([
            "sub": .string("repo:a/b"), "aud": .list([.string("x"), .string("y")]), "level": .int(3),
            "a": .map(["b": .null]), "ratio": .double(0.5), "verified": .bool(true),
        ]),
        "google": .map(["subject": .string("me"), "groups": .list([])]),
        "attribute": .map(["team": .string("cafe\u{301}")]),
    ]
}
