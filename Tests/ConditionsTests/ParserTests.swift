import Testing

@testable import Conditions

@Suite("The parser")
struct ParserTests {
    @Test(
        "groups operators by their precedence, and from the left",
        arguments: [
            ("a || b && c", "a || (b && c)"), ("a && b || c", "(a && b) || c"), ("a && b == c", "a && (b == c)"),
            ("a == b + c", "a == (b + c)"), ("a + b * c", "a + (b * c)"), ("a * b + c", "(a * b) + c"),
            ("a - b - c", "(a - b) - c"), ("a / b * c % d", "((a / b) * c) % d"), ("a < b == c", "(a < b) == c"),
            ("a in b && c", "(a in b) && c"), ("a in b + c", "a in (b + c)"), ("!a && b", "(!a) && b"),
            ("!a.b", "!(a.b)"),
            ("!!a", "!(!a)"), ("-a + b", "(-a) + b"), ("-a.f()", "-(a.f())"), ("a.b.c(d).e", "((a.b).c(d)).e"),
            ("a || b || c", "(a || b) || c"), ("a && b || c && d", "(a && b) || (c && d)"), ("a - -5", "a - (-5)"),
            ("a-5", "a - 5"), (" a\n\t&&// and\r\n\u{C}b ", "a && b"), ("f(a,b)", "f((a), (b))"),
            ("[a,b,]", "[(a), (b)]"),
        ])
    func precedence(text: String, grouped: String) throws {
        #expect(try Parser.parse(text) == Parser.parse(grouped))
    }

    @Test(
        "tells different trees apart",
        arguments: [
            ("a - (b - c)", "a - b - c"), ("(a || b) && c", "a || b && c"), ("!(a && b)", "!a && b"),
            ("-(5)", "-5"), ("(-a).f()", "-a.f()"), ("a.b()", "a.b"), ("a(b)", "b.a()"), ("'1'", "1"), ("[a]", "a"),
        ])
    func differences(left: String, right: String) throws {
        #expect(try Parser.parse(left) != Parser.parse(right))
    }

    @Test(
        "says where and why something is no expression",
        arguments: [
            ("", "line 1, column 1: the expression is empty"), (" ", "line 1, column 2: the end is not expected here"),
            ("a &&", "line 1, column 5: the end is not expected here"),
            ("&& a", "line 1, column 1: \"&&\" is not expected"),
            ("a b", "line 1, column 3: b is not expected here"), ("a & b", "line 1, column 3: this character"),
            ("a = b", "line 1, column 3: this character"), ("(a", "line 1, column 3: \")\" is missing before the end"),
            ("a)", "line 1, column 2: \")\" is not expected here"),
            ("f(a,)", "line 1, column 5: \")\" is not expected"),
            ("f(,)", "line 1, column 3: \",\" is not expected"), ("[,]", "line 1, column 2: \",\" is not expected"),
            ("a.", "line 1, column 3: a name is missing before the end"), ("a.1", "line 1, column 2: "),
            ("a.in", "line 1, column 3: a name is missing before in"),
            (".a", "line 1, column 1: \".\" is not expected"),
            ("a ? b : c", "line 1, column 3: conditions have no operator ?:"),
            ("a[0]", "line 1, column 2: conditions do not"),
            ("{'a': 1}", "line 1, column 1: conditions have no maps"),
            ("a == null", "line 1, column 6: conditions have no null"),
            ("a == 1.5", "line 1, column 6: conditions have whole numbers only"),
            ("a == .5", "line 1, column 6: conditions have"),
            ("a == 1u", "line 1, column 6: this is no whole number"),
            ("a == 1e3", "line 1, column 6: this is no whole"),
            ("a == 0x", "line 1, column 6: this is no whole number"),
            ("a == b'x'", "line 1, column 6: conditions have no bytes"),
            ("a == 9223372036854775808", "line 1, column 6: the number is larger"),
            ("a == -9223372036854775809", "line 1, column 6: the number is smaller"),
            ("a == 99999999999999999999", "line 1, column 6: this is no whole number"),
            ("a == 'x", "line 1, column 6: the string that begins here does not end"),
            ("'a\nb'", "line 1, column 1: the string"),
            ("'\\", "line 1, column 1: the string"), ("'\\'", "line 1, column 1: the string"),
            ("'''a''", "line 1, column 1: the"),
            ("r'a\\'c'", "line 1, column 6: c is not"), ("for == 1", "line 1, column 1: for is a reserved word"),
            ("a ||\n  b ||\n  #", "line 3, column 3: this character"),
            ("'😀é' == #", "line 1, column 9: this character"),
            ("!-a", "line 1, column 2: \"-\" is not expected here"), ("a =< b", "line 1, column 3: this character"),
        ])
    func faults(text: String, message: String) throws {
        let error = try #require(throws: ConditionError.self) { try Parser.parse(text) }
        #expect(error.description.hasPrefix(message), "\(error)")
    }

    @Test("refuses what is too long, too deep or too complex, and ends soon")
    func limits() throws {
        let operators = Array(repeating: "a", count: 13)
        #expect(throws: Never.self) { try Parser.parse(operators.joined(separator: " && ")) }
        #expect(throws: Never.self) { try Parser.parse(String(repeating: "!", count: 12) + "a") }
        #expect(throws: Never.self) { try Parser.parse(nested(30)) }
        for text in [
            (operators + ["a"]).joined(separator: " || "), String(repeating: "!", count: 13) + "a", nested(1000),
            nested(Condition.maximumDepth), String(repeating: "(", count: 9_000), String(repeating: "[", count: 9_000),
            String(repeating: "-", count: 9_000) + "a", String(repeating: "f(", count: 4_000),
            "a" + String(repeating: " + a", count: 2_000), "a" + String(repeating: ".a", count: 4_000),
            "a" + String(repeating: ".f()", count: 2_000), String(repeating: "a in ", count: 1_000) + "a",
            "'" + String(repeating: "x", count: 10_000) + "'", String(repeating: " ", count: 10_001),
        ] {
            let error = try #require(throws: ConditionError.self) { try Parser.parse(text) }
            #expect(error.check == .complexity, "\(text.prefix(20)): \(error)")
        }
    }

    private func nested(_ depth: Int) -> String {
        String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
    }
}
