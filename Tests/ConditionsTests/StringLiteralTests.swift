import Testing

@testable import Conditions

@Suite("A string")
struct StringLiteralTests {
    @Test(
        "is what stands between its quotes, with escapes",
        arguments: [
            (#""""#, ""), (#"''"#, ""), (#""a""#, "a"), (#"'"'"#, "\""), (#""'""#, "'"), (#""\"""#, "\""),
            (#"'\''"#, "'"),
            (#""\\""#, "\\"), (#"r"\\""#, "\\\\"), (#"R'\n'"#, "\\n"),
            (#"'\a\b\f\n\r\t\v'"#, "\u{7}\u{8}\u{C}\n\r\t\u{B}"),
            (#"'\?\`'"#, "?`"), (#"'\x41\X41'"#, "AA"), (#"'\xff'"#, "\u{FF}"), (#"'\101\377\000'"#, "A\u{FF}\u{0}"),
            (#"'\u00e9'"#, "\u{E9}"), (#"'\U0001F600'"#, "\u{1F600}"), ("'''a'b''c'''", "a'b''c"),
            ("'''a\nb'''", "a\nb"),
            (#""""a"b""""#, "a\"b"), (#"'''\x41'''"#, "A"), (#"r'''\x41'''"#, "\\x41"), ("''''''", ""),
            (#"'\1011'"#, "A1"),
            ("'é😀'", "é😀"), (#"r"a\""#, "a\\"),
        ])
    func value(text: String, value: String) throws {
        guard case .string(let read) = try Parser.parse(text).kind else { throw Unexpected(text: text) }
        #expect(read.hasSameBytes(as: value))
    }

    @Test(
        "with an escape that means no character is refused where the escape begins",
        arguments: [
            (#"'ab\s'"#, 4), (#"'\x4'"#, 2), (#"'\xg0'"#, 2), (#"'\u12'"#, 2), (#"'\ud83d'"#, 2), (#"'\U00110000'"#, 2),
            (#"'\400'"#, 2), (#"'\18'"#, 2), (#"'\8'"#, 2), (#"'\u+123'"#, 2), (#"'\x-1'"#, 2), (#"'é\q'"#, 3),
            (#"'\X'"#, 2),
        ])
    func escapes(text: String, column: Int) throws {
        let error = try #require(throws: ConditionError.self) { try Parser.parse(text) }
        #expect(error.location.column == column)
        #expect(error.message.contains("escape"))
    }

    @Test("is written so that nothing in it is invisible")
    func written() {
        #expect(StringLiteral.write("a\"b\\c\n\t\u{0}\u{7F}") == #""a\"b\\c\n\t\u0000\u007f""#)
        #expect(StringLiteral.write("\u{202E}é\u{E0041}") == #""\u202eé\U000e0041""#)
    }

    private struct Unexpected: Error { let text: String }
}
