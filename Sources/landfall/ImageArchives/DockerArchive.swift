import Foundation
import OCI

import struct Crypto.SHA256

/// What `docker save` and `podman save` write: `manifest.json`, and layers as they are unpacked.
struct DockerArchive {
    // Spelled as in the document.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    struct Entry: Decodable {
        var Config: String
        var RepoTags: [String]?
        var Layers: [String]
    }

    /// A manifest is made for the registry, as the archive has none.
    private struct Manifest: Encodable {
        var schemaVersion = 2
        var mediaType = "application/vnd.oci.image.manifest.v1+json"
        var config: OCILayout.Descriptor
        var layers: [OCILayout.Descriptor]
    }

    let files: ImageFiles

    func read(_ entries: [Entry], named name: String?, into image: inout ArchivedImage) throws {
        let entry = try chooseImage(entries.map { ($0.RepoTags ?? [], $0) }, named: name)
        let config = try add(entry.Config, as: "application/vnd.oci.image.config.v1+json", to: &image)
        let layers = try entry.Layers.map { try add($0, as: "application/vnd.oci.image.layer.v1.tar", to: &image) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let manifest = Manifest(config: config, layers: layers)
        image.manifests.append(.init(bytes: Array(try encoder.encode(manifest)), mediaType: manifest.mediaType))
    }

    private func add(_ name: String, as type: String, to image: inout ArchivedImage) throws -> OCILayout.Descriptor {
        guard let part = try files.file(name) else { throw CommandFailure("'\(name)' of the image is missing.") }
        let digest = try digest(of: part)
        image.add(.init(digest: digest, part: part))
        // Some tools compress what others leave as it is.
        let isGzip = try type.hasSuffix("tar") && part.read(at: 0, count: 2) == [0x1F, 0x8B]
        return .init(mediaType: isGzip ? "\(type)+gzip" : type, digest: digest, size: part.length)
    }

    private func digest(of part: FilePart) throws -> Digest {
        var hash = SHA256()
        for offset in stride(from: 0, to: part.length, by: 1 << 20) {
            hash.update(data: try part.read(at: offset, count: 1 << 20))
        }
        return Digest(hash.finalize())
    }
}
