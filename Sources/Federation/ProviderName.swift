import Access

/// The name of a provider: of one issuer whose tokens a pool takes.
public struct ProviderName: Hashable, Sendable, Codable {
    /// The pool that it belongs to.
    public var pool: Pool
    /// Its id within the pool.
    public var id: String

    /// Makes a name of its parts.
    public init(pool: Pool, id: String) {
        self.pool = pool
        self.id = id
    }

    /// Reads a full resource name, as the `audience` of a token exchange is:
    /// `//iam.googleapis.com/locations/global/workforcePools/staff/providers/login`.
    ///
    /// - Returns: nil for every other text.
    public init?(fullName text: String) {
        guard text.utf8.count <= 512, text.hasPrefix("//"), let (pool, rest) = Pool.read(text.dropFirst(2)),
            rest.hasPrefix("providers/")
        else { return nil }
        let id = rest.dropFirst("providers/".count)
        guard (1...63).contains(id.utf8.count), id.utf8.allSatisfy(Self.isWord) else { return nil }
        self.init(pool: pool, id: String(id))
    }

    /// The name without a service: `locations/global/workforcePools/staff/providers/login`.
    public var path: String { "\(pool.path)/providers/\(id)" }

    /// The full resource name.
    public var fullName: String { "//iam.googleapis.com/\(path)" }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"): true
        default: false
        }
    }
}
