import Methods

/// One request for a page of a list: how long it may be, and where it begins.
public struct Paging<Cursor: Codable & Sendable>: Sendable {
    /// How many items at most; at least 1.
    public let size: Int
    /// The last item of the page before; nil for the first page.
    public let cursor: Cursor?
    private let scope: [String]

    /// Reads what a request says of its page.
    ///
    /// - Parameters:
    ///   - parameters: the method and everything that decides which items there are, and in which order.
    ///   - standard: the size where none is asked for.
    ///   - maximum: what a larger size means.
    /// - Throws: `INVALID_ARGUMENT` for a negative size, and for a token that is not one or belongs to other parameters.
    public init(
        size: Int32, token: String, boundTo parameters: [String], cursor: Cursor.Type, default standard: Int = 100,
        maximum: Int = 1000
    ) throws {
        self.size = try PageSize.read(size, default: standard, maximum: maximum)
        self.cursor = try PageToken.read(token, as: cursor, scope: parameters)
        scope = parameters
    }

    /// The page of what was found after the cursor, where one item more than the page holds says that there are more.
    ///
    /// - Parameters:
    ///   - found: at most `size + 1` items.
    ///   - cursor: what the next page goes on after.
    public func page<Item>(of found: [Item], by cursor: (Item) -> Cursor) throws -> Page<Item> {
        let items = Array(found.prefix(size))
        let last = found.count > size ? items.last : nil
        return Page(items: items, nextToken: try last.map { try token(after: cursor($0)) } ?? "")
    }

    /// The token for the page that begins after an item.
    public func token(after cursor: Cursor) throws -> String { try PageToken.make(after: cursor, scope: scope) }
}
