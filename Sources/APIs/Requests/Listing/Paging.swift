import Methods

/// One request for a page of a list: how long it may be, and where it begins.
public struct Paging<Cursor: Codable & Sendable>: Sendable {
    /// How many items at most: 1 to 1,000.
    public let size: Int
    /// The last item of the page before; nil for the first page.
    public let cursor: Cursor?
    private let scope: [String]

    /// Reads what a request says of its page.
    ///
    /// - Parameters:
    ///   - parameters: the method and everything that decides which items there are, and in which order.
    /// - Throws: `INVALID_ARGUMENT` for a negative size, and for a token that is not one or belongs to other parameters.
    public init(size: Int32, token: String, boundTo parameters: [String], cursor: Cursor.Type) throws {
        self.size = try PageSize.read(size, default: 100, maximum: 1000)
        self.cursor = try PageToken.read(token, as: cursor, scope: parameters)
        scope = parameters
    }

    /// The token for the page that begins after an item.
    public func token(after cursor: Cursor) throws -> String { try PageToken.make(after: cursor, scope: scope) }
}
