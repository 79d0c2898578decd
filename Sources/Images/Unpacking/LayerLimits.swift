/// What a layer may have at most.
public struct LayerLimits: Sendable, Hashable {
    /// Files, directories and links.
    public var entries: Int
    /// Bytes, of the archive and of its files by their lengths; holes count too.
    public var bytes: Int

    /// By default 500,000 entries and 10 GB.
    public init(entries: Int = 500_000, bytes: Int = 10_000_000_000) {
        self.entries = entries
        self.bytes = bytes
    }
}
