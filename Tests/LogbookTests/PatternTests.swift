import Testing

@testable import Logbook

@Suite("Regular expressions")
struct PatternTests {
    @Test(
        "are found anywhere in a text",
        arguments: [
            ("", ""), ("b", "abc"), ("^abc$", "abc"), ("a.c", "xabcx"), ("a|b|", "zzz"), ("(ab)+c", "ababc"),
            ("a{2,3}b", "aab"), ("a{2}", "aa"), ("a{,2}", "a{,2}"), ("x*", "y"), ("[a-c]+$", "zzabc"), ("[^a]", "b"),
            ("[]a]", "]"), ("[a\\]-]", "-"), ("[[:digit:]x]", "7"), ("\\bfoo\\b", "a foo b"), ("\\Boo", "foo"),
            ("(?i)HeLLo", "hello"), ("(?i:É)a", "éa"), ("(?s)a.b", "a\nb"), ("(?m)^b$", "a\nb\nc"),
            ("\\x41\\x{1F600}", "A😀"),
            ("\\Qa.b\\E+", "a.bb"), ("(?P<name>x)y", "xy"), ("a+?b*?", "a"), ("\\.\\*", ".*"), ("é+", "ééé"),
            ("\\d\\s\\w", "1 a"), ("[\\d-]", "-"),
        ])
    func found(_ pattern: String, _ text: String) throws {
        #expect(try Pattern(pattern).isFound(in: text))
    }

    @Test(
        "are not found in other texts",
        arguments: [
            ("b", "ac"), ("^b", "ab"), ("a.b", "a\nb"), ("^b$", "a\nb"), ("a{3}", "aa"), ("[^a]", "aaa"),
            ("(ab)+c", "abac"),
            ("\\bfoo\\b", "afoo"), ("hello", "HELLO"), ("\\d", "x"), ("a(b|c)d", "ad"), ("\\Qa.b\\E", "axb"),
        ])
    func missing(_ pattern: String, _ text: String) throws {
        #expect(try !Pattern(pattern).isFound(in: text))
    }

    @Test(
        "that RE2 refuses are refused",
        arguments: [
            "(", ")", "[a", "*a", "a{1001}", "a{3,2}", "\\", "\\1", "(?=a)", "(?<!a)", "(?<=a)", "[z-a]", "\\q", "(?x)",
        ])
    func refused(_ pattern: String) {
        #expect(throws: PatternError.self) { try Pattern(pattern) }
    }
}
