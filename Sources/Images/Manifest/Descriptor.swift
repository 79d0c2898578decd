import OCI

/// What a manifest says of a blob or of another manifest.
struct Descriptor: Codable, Hashable, Sendable {
    var mediaType: String?
    var digest: Digest
    /// In bytes.
    var size: Int
    var platform: Platform?
}
