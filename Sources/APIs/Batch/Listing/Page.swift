/// A page of a list.
struct Page<Item: Sendable>: Sendable {
    var items: [Item] = []
    /// Where the next page begins; empty when this is the last.
    var nextToken = ""
}
