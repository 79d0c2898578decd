import Methods

/// A Google Cloud region. Here it is a name and nothing else: every region is served by the same machines.
public struct Region: Hashable, Sendable {
    /// `us-central1`
    public let name: String
    /// Where it is, for people: `Iowa`.
    public let displayName: String
    /// The letters of its zones: `abcf`.
    let zoneLetters: String

    /// `us-central1-a` and so on.
    public var zones: [String] { zoneLetters.map { "\(name)-\($0)" } }

    /// The region of a name.
    ///
    /// - Throws: `NOT_FOUND`
    public static func named(_ name: String) throws -> Region {
        guard let region = find(name) else {
            throw ServiceError.notFound(
                "Location '\(name.excerpt)' not found: it must be a Google Cloud region such as 'us-central1'.")
        }
        return region
    }

    /// The region of a name; nil when there is none.
    public static func find(_ name: String) -> Region? { byName[name] }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
