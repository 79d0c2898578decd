import Foundation
import OCI

/// A manifest as its client wrote it, with what the registry has to know of it (OCI Image Format; Docker's version 2).
public struct Manifest: Sendable {
    /// In bytes.
    public static let longest = 4 << 20
    /// Layers, or children of an index.
    private static let mostParts = 4_096
    /// The name of a media type, in bytes (RFC 6838, 4.2): 127 on either side of the slash.
    private static let longestType = 255

    /// What it is known by.
    public let digest: Digest
    /// What it is.
    public let mediaType: MediaType
    /// The bytes, as they came.
    public let body: Data
    let content: Content

    /// Reads a manifest.
    ///
    /// - Parameter contentType: what its sender says it is; nil when nothing is said.
    /// - Throws: `RegistryError.badManifest`
    public init(_ body: Data, contentType: String?) throws {
        guard body.count <= Self.longest else {
            throw RegistryError.badManifest("a manifest has at most \(Self.longest) bytes")
        }
        guard let content = try? JSONDecoder().decode(Content.self, from: body), content.schemaVersion == 2 else {
            throw RegistryError.badManifest("it is no JSON object with schemaVersion 2, or lacks a field")
        }
        let stated = contentType.map { String($0.prefix { $0 != ";" }) } ?? content.mediaType ?? ""
        guard let mediaType = MediaType(rawValue: stated) else {
            throw RegistryError.badManifest(
                "media type '\(stated.prefix(100))' is not supported: OCI manifests and indexes, and Docker's manifests "
                    + "of version 2 and lists of them are")
        }
        guard content.mediaType == nil || content.mediaType == stated else {
            throw RegistryError.badManifest("its mediaType is not the Content-Type that it came with")
        }
        let parts = mediaType.isIndex ? content.manifests : content.layers
        guard let parts, parts.count <= Self.mostParts, mediaType.isIndex || content.config != nil else {
            throw RegistryError.badManifest(
                mediaType.isIndex
                    ? "an index has manifests, \(Self.mostParts) at most"
                    : "an image has a config and layers, \(Self.mostParts) at most")
        }
        // One that can be read both ways would be one thing to who signs it and another to who runs it (CVE-2021-41190).
        guard mediaType.isIndex ? content.layers == nil && content.config == nil : content.manifests == nil else {
            throw RegistryError.badManifest("it is an image and an index at once")
        }
        digest = Digest(of: body)
        self.mediaType = mediaType
        self.body = body
        self.content = content
        guard (artifactType ?? "").utf8.count <= Self.longestType else {
            throw RegistryError.badManifest("the type of an artifact has at most \(Self.longestType) bytes")
        }
    }

    /// The blobs that must be in the repository.
    var blobs: [Descriptor] {
        guard !mediaType.isIndex else { return [] }
        // Layers that are not to be distributed lie where their URLs say.
        return [content.config].compactMap(\.self) + (content.layers ?? []).filter { !$0.isForeign }
    }

    /// The manifests that must be in the repository.
    var children: [Descriptor] { mediaType.isIndex ? content.manifests ?? [] : [] }

    /// The manifest that it says something about.
    public var subject: Digest? { content.subject?.digest }

    /// What kind of artifact it is, if it is no image of a container.
    var artifactType: String? {
        if let type = content.artifactType { return type }
        guard let type = content.config?.mediaType, !Self.imageConfigurations.contains(type) else { return nil }
        return type
    }

    /// Of images, and of what has no configuration.
    private static let imageConfigurations = MediaType.configurations.union(["application/vnd.oci.empty.v1+json"])
}
