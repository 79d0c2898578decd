import Foundation
import OCI

/// An image made up by a test.
public struct TestImage: Sendable {
    /// A layer: its archive, and as it is in a registry.
    public struct Layer: Sendable {
        /// Uncompressed.
        public var archive: [UInt8]
        /// As it is in a registry.
        public var blob: [UInt8]
        /// Its media type.
        public var type = "application/vnd.oci.image.layer.v1.tar"
        /// What the manifest says of the blob's size; nil: what it is.
        public var size: Int?

        /// A layer of these entries, not compressed.
        public init(_ entries: [TarArchive.Entry]) {
            archive = TarArchive.bytes(entries)
            blob = archive
        }

        /// The same in a gzip stream.
        public var gzipped: Layer {
            var layer = self
            layer.blob = Compression.gzip(archive)
            layer.type = "application/vnd.docker.image.rootfs.diff.tar.gzip"
            return layer
        }

        /// The same in a zstd frame.
        public var zstandard: Layer {
            var layer = self
            layer.blob = Compression.zstd(archive)
            layer.type = "application/vnd.oci.image.layer.v1.tar+zstd"
            return layer
        }
    }

    /// Lowest first.
    public var layers: [Layer]
    /// What it says that it is for.
    public var platform = Platform.host
    /// Of the configuration; nil: those of the layers.
    public var layerIDs: [Digest]?
    /// Its variables.
    public var environment = ["A=1", "B=2"]

    /// An image of layers, lowest first.
    public init(_ layers: [Layer]) { self.layers = layers }

    /// An image of one layer with one file.
    public init(file name: String, _ content: String) { self.init([Layer([.file(name, content)])]) }

    /// Its configuration as JSON.
    public var configuration: [UInt8] {
        let ids = layerIDs ?? layers.map { Digest(of: $0.archive) }
        let list = ids.map { "\"\($0)\"" }.joined(separator: ",")
        let variables = environment.map { "\"\($0)\"" }.joined(separator: ",")
        return Array(
            """
            {"os":"\(platform.os)","architecture":"\(platform.architecture)","config":{"Entrypoint":["/bin/a"],\
            "Cmd":["b"],"Env":[\(variables)],"WorkingDir":"/work","User":"5:6"},"rootfs":{"type":"layers",\
            "diff_ids":[\(list)]}}
            """.utf8)
    }

    /// The media type of its manifest.
    public static let manifestType = "application/vnd.oci.image.manifest.v1+json"
    /// The media type of an index.
    public static let indexType = "application/vnd.oci.image.index.v1+json"

    /// Its manifest as JSON.
    public var manifest: [UInt8] {
        let layers = layers.map { Self.descriptor($0.type, $0.blob, size: $0.size) }.joined(separator: ",")
        let config = Self.descriptor("application/vnd.oci.image.config.v1+json", configuration)
        return Array(
            "{\"schemaVersion\":2,\"mediaType\":\"\(Self.manifestType)\",\"config\":\(config),\"layers\":[\(layers)]}"
                .utf8)
    }

    /// An index of images for several platforms.
    public static func index(_ images: [TestImage]) -> [UInt8] {
        let entries = images.map { image in
            descriptor(manifestType, image.manifest).dropLast()
                + ",\"platform\":{\"os\":\"\(image.platform.os)\",\"architecture\":\"\(image.platform.architecture)\"}}"
        }
        return Array("{\"schemaVersion\":2,\"manifests\":[\(entries.joined(separator: ","))]}".utf8)
    }

    /// The image as a layout of the OCI: every file with its path.
    ///
    /// - Parameter tag: what it is called there.
    public func layout(tag: String) -> [(path: String, content: [UInt8])] {
        let blobs = layers.map(\.blob) + [configuration, manifest]
        let entry =
            Self.descriptor(Self.manifestType, manifest).dropLast()
            + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"\(tag)\"}}"
        return blobs.map { ("blobs/sha256/\(Digest(of: $0).hex)", $0) } + [
            ("oci-layout", Array("{\"imageLayoutVersion\":\"1.0.0\"}".utf8)),
            ("index.json", Array("{\"schemaVersion\":2,\"manifests\":[\(entry)]}".utf8)),
        ]
    }

    private static func descriptor(_ type: String, _ bytes: [UInt8], size: Int? = nil) -> String {
        "{\"mediaType\":\"\(type)\",\"digest\":\"\(Digest(of: bytes))\",\"size\":\(size ?? bytes.count)}"
    }
}
