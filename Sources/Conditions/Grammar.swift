/// Which part of CEL's grammar an expression may use, and how large it may be.
struct Grammar: Sendable {
    /// Indexing, `?:` and `null`: what is needed where the shape of the data is not known.
    let isForClaims: Bool
    /// In Unicode characters.
    let maximumLength: Int
    /// Of `&&`, `||` and `!`.
    let maximumLogicalOperators: Int
    /// How many expressions may stand in one another.
    let maximumDepth: Int

    /// That of conditions in policies.
    static let condition = Grammar(
        isForClaims: false, maximumLength: Condition.maximumLength,
        maximumLogicalOperators: Condition.maximumLogicalOperators, maximumDepth: Condition.maximumDepth)

    /// That of expressions over the claims of a token. They have no limit of operators but the length.
    static func claims(maximumLength: Int) -> Grammar {
        Grammar(
            isForClaims: true, maximumLength: maximumLength, maximumLogicalOperators: maximumLength, maximumDepth: 64)
    }
}
