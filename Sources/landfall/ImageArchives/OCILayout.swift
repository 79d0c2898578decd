import Foundation
import OCI

/// An image layout as the OCI specifies it: `index.json`, and blobs by their digests.
struct OCILayout {
    struct Descriptor: Codable {
        var mediaType: String
        var digest: Digest
        var size: Int
        var annotations: [String: String]?

        /// What the image is called in the layout.
        var names: [String] {
            ["org.opencontainers.image.ref.name", "io.containerd.image.name"].compactMap { annotations?[$0] }
        }
    }

    /// An index or a manifest.
    struct Document: Decodable {
        var config: Descriptor?
        var layers: [Descriptor]?
        var manifests: [Descriptor]?
    }

    let files: ImageFiles

    /// An index of indexes of indexes is none of an image's.
    private static let deepest = 3

    func read(_ index: Document, named name: String?, into image: inout ArchivedImage) throws {
        let top = try chooseImage((index.manifests ?? []).map { ($0.names, $0) }, named: name)
        try add(top, depth: 0, to: &image)
    }

    private func add(_ descriptor: Descriptor, depth: Int, to image: inout ArchivedImage) throws {
        guard depth < Self.deepest else { throw CommandFailure("The image's index leads to too many others.") }
        let bytes = try blob(descriptor).document()
        guard Digest(of: bytes) == descriptor.digest,
            let document = try? JSONDecoder().decode(Document.self, from: Data(bytes))
        else { throw CommandFailure("The manifest \(descriptor.digest) is damaged.") }
        for child in document.manifests ?? [] { try add(child, depth: depth + 1, to: &image) }
        for part in [document.config].compactMap(\.self) + (document.layers ?? []) {
            image.add(.init(digest: part.digest, part: try blob(part)))
        }
        image.manifests.append(.init(bytes: bytes, mediaType: descriptor.mediaType))
    }

    private func blob(_ descriptor: Descriptor) throws -> FilePart {
        guard let part = try files.file("blobs/sha256/\(descriptor.digest.hex)") else {
            throw CommandFailure("The blob \(descriptor.digest) of the image is missing.")
        }
        return part
    }
}
