import OCI

/// What the cache knows of an image.
struct ImageRecord: Codable, Sendable {
    /// Of the manifest or index that references lead to.
    let digest: Digest
    /// Lowest first, each once.
    let layers: [Digest]
    let configuration: ImageConfiguration
    /// From where it was pulled by somebody who could read all of it: `docker.io/library/busybox`.
    var repositories: Set<String>

    /// About what it takes of the memory.
    var bytes: Int {
        let texts = configuration.entrypoint + configuration.command + configuration.environment + repositories
        let length = texts.reduce(configuration.workingDirectory.utf8.count) { $0 + $1.utf8.count }
        return 4096 + 64 * (texts.count + layers.count) + length + configuration.user.utf8.count
    }
}

/// What the cache knows of a layer.
struct LayerRecord: Codable, Sendable {
    /// Of its archive, uncompressed.
    let id: Digest
    /// What it takes of the disk.
    let bytes: Int
    /// The blobs that were found to be this layer.
    var sources: Set<BlobSource>
    /// When it was written: the kernel's id of that boot. Until the disk has it all, a loss of power can tear it.
    let boot: String
}

/// A blob, as a registry has it. What one registry says of its blobs is no proof for another's.
struct BlobSource: Codable, Hashable, Sendable {
    let registry: String
    let digest: Digest
}
