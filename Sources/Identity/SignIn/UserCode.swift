/// What a person carries from the browser to a terminal: eight letters, written `BCDF-GHJK`.
///
/// Without vowels, so that they make no words, and without what is taken for something else (RFC 8628, 6.1).
struct UserCode: Hashable, Sendable, CustomStringConvertible {
    private static let alphabet = Array("BCDFGHJKLMNPQRSTVWXZ")
    private static let length = 8

    private let letters: String

    /// A new one, of 34 random bits. They are enough: only the owner of the installation can try any.
    init() {
        var random = SystemRandomNumberGenerator()
        letters = String((0..<Self.length).map { _ in Self.alphabet[Int.random(in: 0..<20, using: &random)] })
    }

    /// Reads one in any case, with or without the dash; nil for what is none.
    init?(_ text: String) {
        let letters = text.uppercased().filter { $0 != "-" && $0 != " " }
        guard letters.count == Self.length, letters.allSatisfy(Self.alphabet.contains) else { return nil }
        self.letters = letters
    }

    var description: String { "\(letters.prefix(4))-\(letters.suffix(4))" }
}
