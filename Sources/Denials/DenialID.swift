/// Makes the ids of refusals: 12 letters and digits, of which none is guessed (60 random bits).
enum DenialID {
    private static let length = 12
    /// Without those that people take for each other.
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    static func make() -> String {
        var random = SystemRandomNumberGenerator()
        return String((0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] })
    }

    /// Whether a text can be an id.
    static func isValid(_ text: some StringProtocol) -> Bool {
        text.count == length && text.allSatisfy(alphabet.contains)
    }
}
