import Foundation
import Testing

@testable import Conditions

@Suite("Expressions over claims")
struct ClaimExpressionTests {
    private static let claims = """
        {"sub": "repo:acme/site:ref:refs/heads/main", "aud": ["a", "b"], "groups": ["Admins", "staff"], "email": "É@x.org",
         "kubernetes.io": {"namespace": "jobs", "pod": {"name": "p-1"}}, "level": 3, "ratio": 0.5, "verified": true,
         "nothing": null, "empty": ""}
        """

    private func evaluate(_ expression: String, _ claims: String = Self.claims) throws -> ClaimValue {
        let assertion = try JSONDecoder().decode(ClaimValue.self, from: Data(claims.utf8))
        let values: [String: ClaimValue] = [
            "assertion": assertion,
            "google": .map(["subject": .string("me"), "groups": .list([.string("admins")])]),
            "attribute": .map(["team": .string("blue")]),
        ]
        return try ClaimExpression(expression, in: .condition).evaluate(values)
    }

    @Test(
        "have the values that CEL gives them",
        arguments: [
            ("assertion.sub", #""repo:acme/site:ref:refs/heads/main""#),
            ("assertion['kubernetes.io'].namespace", #""jobs""#),
            ("assertion['kubernetes.io']['pod'].name", #""p-1""#),
            ("assertion.aud[1]", #""b""#), ("assertion.level", #"3"#), ("assertion.ratio", #"0.5"#),
            ("assertion.nothing", #"null"#), ("assertion.nothing == null", #"true"#),
            ("assertion.groups", #"["Admins", "staff"]"#),
            ("'admins' in google.groups", #"true"#), ("'sub' in assertion", #"true"#),
            ("'x' in assertion.groups", #"false"#),
            ("attribute.team == 'blue' && google.subject == 'me'", #"true"#),
            ("assertion.level >= 3 && assertion.level < 4 && assertion.ratio <= 1", #"true"#),
            ("assertion.level * 2 + 1 - 7 / 2 % 2", #"6"#), ("-assertion.level", #"-3"#),
            ("1 == '1'", #"false"#), ("[1, 'a'] + [true]", #"[1, "a", true]"#),
            ("'a' + 'b'", #""ab""#), ("'b' > 'a'", #"true"#), ("!assertion.verified", #"false"#),
            ("assertion.verified ? 'yes' : 'no'", #""yes""#),
            ("false ? 1 : true ? 2 : 3", #"2"#), ("(true || false) ? 1 : assertion.none", #"1"#),
            ("has(assertion.email)", #"true"#), ("has(assertion.none)", #"false"#),
            ("has(assertion['kubernetes.io'].pod)", #"true"#),
            ("assertion.none == 'x' || true", #"true"#), ("true || assertion.none == 'x'", #"true"#),
            ("assertion.none == 'x' && false", #"false"#),
        ])
    func values(expression: String, value: String) throws {
        let value = try JSONDecoder().decode(ClaimValue.self, from: Data(value.utf8))
        #expect(try evaluate(expression) == value)
    }

    @Test(
        "have the functions that mappings need",
        arguments: [
            ("assertion.sub.extract('repo:{name}:')", #""acme/site""#),
            ("assertion.sub.extract('tag:{name}')", #""""#),
            ("assertion.sub.startsWith('repo:') && assertion.sub.endsWith('main')", #"true"#),
            ("assertion.sub.contains('/site:')", #"true"#), ("assertion.sub.contains('/Site:')", #"false"#),
            ("assertion.sub.split(':')[1].split('/')[0]", #""acme""#), ("'ab'.split('')", #"["a", "b"]"#),
            ("'a,b,'.split(',')", #"["a", "b", ""]"#),
            ("assertion.groups.join('+')", #""Admins+staff""#), ("assertion.groups.join()", #""Adminsstaff""#),
            ("'a-b-c'.replace('-', '')", #""abc""#), ("assertion.email.lowerAscii()", #""É@x.org""#),
            ("'aé'.upperAscii()", #""Aé""#), ("'  a b '.trim()", #""a b""#), ("''.trim()", #""""#),
            ("'héllo'.substring(1)", #""éllo""#), ("'héllo'.substring(1, 3)", #""él""#),
            ("'héllo'.indexOf('l')", #"2"#), ("'hello'.indexOf('z')", #"-1"#), ("'héllo'.size()", #"5"#),
            ("size(assertion.groups)", #"2"#), ("assertion['kubernetes.io'].size()", #"2"#),
            ("string(assertion.level)", #""3""#), ("string(true)", #""true""#), ("int('42')", #"42"#),
            ("assertion.groups.exists(g, g == 'staff')", #"true"#),
            ("assertion.groups.all(g, g == 'staff')", #"false"#),
            ("[].all(g, false)", #"true"#), ("[].exists(g, true)", #"false"#),
            ("assertion.groups.map(g, g.lowerAscii())", #"["admins", "staff"]"#),
            ("assertion.groups.filter(g, g.startsWith('s'))", #"["staff"]"#),
            ("[[1], [2]].map(assertion, assertion.map(g, g + 1))", #"[[2], [3]]"#),
            ("assertion['kubernetes.io'].map(name, name)", #"["namespace", "pod"]"#),
        ])
    func functions(expression: String, value: String) throws {
        let value = try JSONDecoder().decode(ClaimValue.self, from: Data(value.utf8))
        #expect(try evaluate(expression) == value)
    }

    @Test(
        "have no value where a claim or its type is not right",
        arguments: [
            ("assertion.none", .missing("assertion.none")), ("assertion.aud[2]", .missing("assertion.aud[2]")),
            ("assertion['none'].x", .missing(#"assertion["none"]"#)),
            ("assertion.aud[-1]", .missing("assertion.aud[-1]")),
            ("assertion.sub.name", .wrongType("assertion.sub")), ("assertion.sub ? 1 : 2", .wrongType("assertion.sub")),
            ("assertion.level && true", .wrongType("assertion.level")),
            ("assertion.sub + 1", .wrongType("string + int")),
            ("assertion.level.contains('a')", .wrongType("contains(int, string)")),
            ("'a'.contains(1)", .wrongType("contains(string, int)")),
            ("'a'.extract('{')", .wrongType("extract(string, string)")),
            ("1 in 'a'", .wrongType("int in string")), ("1 < 'a'", .wrongType("int < string")),
            ("int('x')", .wrongType("int(string)")),
            ("[1].join(',')", .wrongType("join(list, string)")),
            ("has(assertion.sub.x)", .wrongType("assertion.sub.x")),
            ("assertion.sub.map(x, x)", .wrongType("assertion.sub")), ("9223372036854775807 + 1", .outOfRange),
            ("1 / 0", .outOfRange), ("1 % 0", .outOfRange), ("'abc'.substring(4)", .outOfRange),
            ("'abc'.substring(2, 1)", .outOfRange),
        ] as [(String, ClaimError)])
    func errors(expression: String, error: ClaimError) {
        #expect(throws: error) { try evaluate(expression) }
    }

    @Test(
        "are refused when they are none, or use what there is not",
        arguments: [
            ("", "the expression is empty"), ("assertion.", "a name is missing"),
            ("request.time", "there is no request"),
            ("sub", "there is no sub: only assertion, attribute, google"),
            ("assertion.sub.matches('a')", "there is no function matches"),
            ("contains('a')", "there is no function contains"),
            ("assertion.sub.string()", "there is no function string"),
            ("has(assertion)", "has takes"), ("has(other.x)", "there is no other"),
            ("[1].map(1, 2)", "map takes a name"),
            ("[1].map(g, h)", "there is no h"), ("[1].exists(g, g) && g", "there is no g"),
            ("a ? b", "\":\" is missing"),
            ("{'a': 1}", "no maps"), ("assertion[", "the end is not expected"), ("assertion[1", "\"]\" is missing"),
            (String(repeating: "(", count: 65) + "1" + String(repeating: ")", count: 65), "nested more than 64"),
            (String(repeating: "true ? 1 : ", count: 65) + "1", "nested more than 64"),
            (String(repeating: "a", count: 4097), "more than 4096 characters"),
        ])
    func refused(expression: String, reason: String) {
        let error = #expect(throws: ConditionError.self) { try ClaimExpression(expression, in: .condition) }
        #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
    }

    @Test("know in a mapping the token alone")
    func mapping() throws {
        _ = try ClaimExpression("assertion.sub", in: .mapping)
        #expect(throws: ConditionError.self) { try ClaimExpression("google.subject", in: .mapping) }
        #expect(throws: ConditionError.self) {
            try ClaimExpression("'" + String(repeating: "a", count: 2047) + "'", in: .mapping)
        }
    }

    @Test(
        "cost no more than a little, whatever they are and look at",
        arguments: [
            "assertion.l.map(a, assertion.l.map(b, assertion.l.map(c, 1)))",
            "assertion.s.replace('a', assertion.s)",
            "assertion.s + assertion.s + assertion.s",
            "assertion.l.exists(a, assertion.s.contains(assertion.t))",
            "assertion.l.map(a, 'aaaaaaaaaaaaaaaa'.replace('', assertion.x))",
            "assertion.l.map(a, assertion.l.join(assertion.x))",
            "assertion.l.all(a, assertion.s == assertion.s)",
        ])
    func bounded(expression: String) {
        let list = Array(repeating: #""a""#, count: 3000).joined(separator: ",")
        let claims = """
            {"l": [\(list)], "s": "\(String(repeating: "a", count: 7000))", "x": "\(String(repeating: "x", count: 900))",
             "t": "\(String(repeating: "a", count: 3000))b"}
            """
        #expect(throws: ClaimError.tooMuch) { try evaluate(expression, claims) }
    }
}

@Suite("Any expression over claims")
struct RandomClaimExpressionTests {
    private static let words = [
        "assertion", "google", "attribute", ".", ".", "sub", "aud", "[", "]", "(", ")", "'a'", "1", "0", "-", "!", "&&",
        "||",
        "==", "in", "+", "*", "?", ":", ",", "has", "size", "string", "exists", "map", "g", "split", "extract", "'{x}'",
        "replace", "true", "null", "<",
    ]
    private static let values: [String: ClaimValue] = [
        "assertion": .map(["sub": .string("a:b"), "aud": .list([.string("a"), .int(1)]), "a": .bool(true)]),
        "google": .map(["sub": .string("x")]), "attribute": .map([:]),
    ]

    @Test("is refused, or reads as the same tree when it is written out and has a value or none")
    func words() throws {
        var random = Seeded("claims")
        var compiled = 0
        for _ in 0..<30_000 {
            let words = (0...Int.random(in: 0...11, using: &random)).map { _ in
                Self.words.randomElement(using: &random) ?? ""
            }
            let text = words.joined(separator: " ")
            guard let expression = try? ClaimExpression(text, in: .condition) else { continue }
            compiled += 1
            let tree = try Parser.parse(text, as: .claims(maximumLength: 4096))
            let again = try Parser.parse(tree.description, as: .claims(maximumLength: 4096))
            #expect(again == tree, "\(text) became \(tree.description)")
            _ = try? expression.evaluate(Self.values)
        }
        #expect(compiled > 500)
    }
}
