import Methods

/// A page of a list that is in memory, by a key that sorts it.
struct Page<Item> {
    var items: [Item]
    /// Empty on the last page.
    var nextToken: String

    /// - Throws: `INVALID_ARGUMENT` for a wrong size or token.
    init(_ all: [Item], by key: (Item) -> String, size: Int32, token: String, scope: [String]) throws {
        let last = try PageToken.read(token, as: String.self, scope: scope)
        let limit = try PageSize.read(size, default: 1000, maximum: 1000)
        let rest = all.filter { item in last.map { key(item) > $0 } ?? true }
        items = Array(rest.prefix(limit))
        nextToken = ""
        if rest.count > limit, let end = items.last { nextToken = try PageToken.make(after: key(end), scope: scope) }
    }
}
