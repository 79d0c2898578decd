/// A page of a list that is in memory, sorted by a key that no two items share.
public struct ListPage<Item> {
    /// The items of the page.
    public let items: [Item]
    /// For the next page; empty on the last one.
    public let nextToken: String

    /// Takes the page that a request asks for.
    ///
    /// - Parameters:
    ///   - all: the whole list, rising by `key`.
    ///   - size: the request's; 0 asks for `standard`.
    ///   - scope: the parameters of the list, which must be the same for the next page.
    /// - Throws: `INVALID_ARGUMENT` for a wrong size or token.
    public init(
        _ all: [Item], by key: (Item) -> String, size: Int32, default standard: Int, maximum: Int, token: String,
        scope: [String]
    ) throws {
        let last = try PageToken.read(token, as: String.self, scope: scope)
        let limit = try PageSize.read(size, default: standard, maximum: maximum)
        let rest = last.map { last in all.filter { key($0) > last } } ?? all
        items = Array(rest.prefix(limit))
        let end = rest.count > limit ? items.last : nil
        nextToken = try end.map { try PageToken.make(after: key($0), scope: scope) } ?? ""
    }
}
