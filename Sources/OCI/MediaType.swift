/// What a manifest can be.
public enum MediaType: String, CaseIterable, Sendable {
    case image = "application/vnd.oci.image.manifest.v1+json"
    case index = "application/vnd.oci.image.index.v1+json"
    case dockerImage = "application/vnd.docker.distribution.manifest.v2+json"
    case dockerList = "application/vnd.docker.distribution.manifest.list.v2+json"

    /// Whether it names other manifests, rather than layers.
    public var isIndex: Bool { self == .index || self == .dockerList }
}

extension MediaType {
    /// What the configuration of a container's image can be.
    public static let configurations: Set<String> = [
        "application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json",
    ]
    /// What its layers can be: archives, compressed or not.
    public static let layers: Set<String> = [
        "application/vnd.oci.image.layer.v1.tar", "application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.oci.image.layer.v1.tar+zstd", "application/vnd.docker.image.rootfs.diff.tar",
        "application/vnd.docker.image.rootfs.diff.tar.gzip", "application/vnd.docker.image.rootfs.diff.tar.zstd",
    ]
}
