/// A place in an expression.
public struct SourceLocation: Hashable, Sendable {
    /// The line, from 1.
    public let line: Int
    /// The column in Unicode characters, from 1.
    public let column: Int
    /// Unicode characters before the place, from 0: what `LintResult.location_offset` counts.
    public let offset: Int

    /// The place so many bytes of UTF-8 into a text.
    init(byte: Int, of text: String) {
        let before = Array(text.unicodeScalars.prefix(Self.scalars(before: byte, of: text)))
        offset = before.count
        line = 1 + before.count { $0 == "\n" }
        column = 1 + before.count - (before.lastIndex(of: "\n").map { $0 + 1 } ?? 0)
    }

    /// Every character has one byte that does not continue another.
    private static func scalars(before byte: Int, of text: String) -> Int {
        text.utf8.prefix(byte).count { $0 & 0xC0 != 0x80 }
    }
}

extension SourceLocation: CustomStringConvertible {
    /// `line 1, column 14`.
    public var description: String { "line \(line), column \(column)" }
}

/// Why an expression is not a condition.
public struct ConditionError: Error, Hashable, Sendable {
    /// One sentence for people, without the place.
    public let message: String
    /// Where the fault begins.
    public let location: SourceLocation
    /// What was looked at when the fault was found.
    public let check: Finding.Check

    init(_ message: String, at byte: Int, of text: String, check: Finding.Check = .compilation) {
        self.message = message
        location = SourceLocation(byte: byte, of: text)
        self.check = check
    }
}

extension ConditionError: CustomStringConvertible {
    /// `line 1, column 14: there is no attribute request.tme`.
    public var description: String { "\(location): \(message)" }

    /// The message that `setIamPolicy` fails with: the name of the check before what is wrong.
    public var policyMessage: String { "\(check.rawValue) Error: \(description)" }
}
