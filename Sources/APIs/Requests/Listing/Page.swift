/// A page of a list.
public struct Page<Item: Sendable>: Sendable {
    /// What is on it.
    public var items: [Item]
    /// Where the next page begins; empty when this is the last.
    public var nextToken: String

    /// A page of these items; the last one unless a token is given.
    public init(items: [Item] = [], nextToken: String = "") {
        self.items = items
        self.nextToken = nextToken
    }
}
