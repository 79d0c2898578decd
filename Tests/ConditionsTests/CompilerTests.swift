import Testing

@testable import Conditions

@Suite("The compiler")
struct CompilerTests {
    @Test(
        "says where and why names or types do not fit",
        arguments: [
            ("request.tme < request.time", "line 1, column 1: there is no attribute request.tme"),
            ("true && resource == 'x'", "line 1, column 9: there is no attribute resource"),
            ("resource.name.first == 'x'", "line 1, column 1: there is no attribute resource.name.first"),
            ("resource.name.matches('x')", "line 1, column 1: there is no function matches"),
            ("size(resource.name) > 1", "line 1, column 1: there is no function size"),
            ("resource.startsWith('x')", "line 1, column 1: there is no function resource.startsWith"),
            ("startsWith('x')", "line 1, column 1: there is no startsWith(string); there is string.startsWith(string)"),
            (
                "request.time.startsWith('x')",
                "line 1, column 1: there is no timestamp.startsWith(string); there is string."
            ),
            ("resource.name.startsWith(1)", "line 1, column 1: there is no string.startsWith(int); there is string."),
            ("resource.name.startsWith('a', 'b')", "line 1, column 1: there is no string.startsWith(string, string)"),
            ("matchTag('a', 'b')", "line 1, column 1: there is no function matchTag"),
            ("timestamp(1) < request.time", "line 1, column 1: there is no timestamp(int); there is timestamp(string)"),
            ("request.time < '2026-01-01T00:00:00Z'", "line 1, column 1: < does not take timestamp and string"),
            ("request.time == 1", "line 1, column 1: == does not take timestamp and int"),
            ("1 < 2 < 3", "line 1, column 1: < does not take bool and int"),
            ("'a' + 'b' == 'ab'", "line 1, column 1: + does not"),
            ("'a' in 'abc'", "line 1, column 1: in does not take string and string"),
            ("1 in ['a']", "line 1, column 1: in does not take int and list(string)"),
            ("[1, 'a'] == [1]", "line 1, column 5: a list holds values of one type: this is string and not int"),
            ("-'a' == 'b'", "line 1, column 2: - does not take string"),
            ("!1", "line 1, column 2: this is of type int"),
            ("resource.name", "line 1, column 1: this is of type string; what is true or false is needed here"),
            ("true ||\n resource.name", "line 2, column 2: this is of type string"),
            ("[]", "line 1, column 1: this is of type list"),
            ("1 && true", "line 1, column 1: this is of type int"),
            ("(1 || true) == true", "line 1, column 2: this is of type int"),
            ("request.time.getHours(resource.name) == 1", "line 1, column 23: the time zone must be written out"),
            ("resource.name.extract(resource.type) == ''", "line 1, column 23: the template must be written out"),
            (
                "['a'].hasOnly([1])",
                "line 1, column 1: there is no list(string).hasOnly(list(int)); there is list(string)."
            ),
            ("api.getAttribute('a', 1) == 'a'", "line 1, column 1: == does not take int and string"),
            ("api.getAttribute('a')", "line 1, column 1: there is no api.getAttribute(string); there is api."),
        ])
    func faults(text: String, message: String) throws {
        let error = try #require(throws: ConditionError.self) { try Condition(text) }
        #expect(error.description.hasPrefix(message), "\(error)")
        #expect(error.check == .compilation)
    }

    @Test(
        "lets rules of denial use the functions of tags and nothing else",
        arguments: [
            ("resource.matchTag('1/a', 'b') && !resource.hasTagKeyId('tagKeys/1')", nil), ("true", nil),
            ("request.time < timestamp('2026-01-01T00:00:00Z')", "line 1, column 1: request.time cannot be used here"),
            ("true || resource.name == 'x'", "line 1, column 9: resource.name cannot be used here"),
            ("api.getAttribute('a', '') == ''", "line 1, column 1: api.getAttribute cannot be used here"),
            ("'a'.startsWith('a')", "line 1, column 1: startsWith cannot be used here"),
        ])
    func vocabulary(text: String, message: String?) {
        do {
            _ = try Condition(text, vocabulary: .tags)
            #expect(message == nil)
        } catch {
            #expect(message.map(error.description.hasPrefix) == true, "\(error)")
        }
    }

    @Test(
        "works out what is constant",
        arguments: [
            "1 + 1 == 2", "timestamp('2026-01-01T00:00:00Z') > date('2025-01-01')", "'a' in ['a']",
            "false && request.host == 'x'", "request.host == 'x' || true", "timestamp('x') < timestamp('y')",
        ])
    func folding(text: String) throws {
        #expect(try Condition(text).compiled.node.isConstant)
    }

    @Test("takes two conditions for the same when their expressions and vocabularies are")
    func equality() throws {
        #expect(try Condition("true") == Condition("true"))
        #expect(try Condition("true") != Condition("true "))
        #expect(try Condition("'\u{E9}' == ''") != Condition("'e\u{301}' == ''"))
        #expect(try Condition("true") != Condition("true", vocabulary: .tags))
        #expect(Set([try Condition("true"), try Condition("true")]).count == 1)
    }
}
