import FoundationEssentials
import OCI

/// What a registry answers when it is asked for an image: a manifest, or an index of manifests.
enum ManifestDocument: Sendable {
    case image(ImageManifest)
    case index([Descriptor])

    /// Manifests that are larger are no manifests of images.
    static let largest = 4 << 20
    /// What a layer or configuration may say of its size.
    static let sizes = 0...(1 << 40)
    /// Overlayfs stacks no more.
    static let mostLayers = 127

    /// Reads a manifest whose digest has been verified.
    ///
    /// - Parameter mediaType: what the registry calls it; the document's own word wins.
    /// - Throws: `ImageError`
    init(_ bytes: [UInt8], mediaType: String?) throws {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else {
            throw ImageError(.invalid, "The manifest is not one of an OCI or Docker image.")
        }
        let type = document.mediaType ?? mediaType ?? ""
        if MediaType(rawValue: type)?.isIndex == true || (document.mediaType == nil && document.manifests != nil) {
            self = .index(document.manifests ?? [])
        } else if let manifest = ImageManifest(document) {
            self = .image(manifest)
        } else {
            throw ImageError(.invalid, "The manifest is of the type \"\(type)\", which is none of a container image's.")
        }
        try check()
    }

    private func check() throws {
        guard case .image(let manifest) = self else { return }
        if let type = manifest.config.mediaType, !MediaType.configurations.contains(type) {
            throw ImageError(.invalid, "What is at the reference is no container image but \"\(type)\".")
        }
        for part in manifest.layers + [manifest.config] where !Self.sizes.contains(part.size) {
            throw ImageError(.invalid, "The blob \(part.digest) cannot have \(part.size) bytes.")
        }
        guard manifest.layers.count <= Self.mostLayers else {
            throw ImageError(
                .invalid, "The image has \(manifest.layers.count) layers; at most \(Self.mostLayers) can be.")
        }
        for layer in manifest.layers where !MediaType.layers.contains(layer.mediaType ?? "") {
            throw ImageError(
                .invalid,
                "The layer \(layer.digest) is of the type \"\(layer.mediaType ?? "")\", which is not unpacked.")
        }
    }

    /// Both kinds of document.
    struct Document: Decodable {
        var mediaType: String?
        var config: Descriptor?
        var layers: [Descriptor]?
        var manifests: [Descriptor]?
    }
}

/// The manifest of an image for one platform.
struct ImageManifest: Sendable {
    var config: Descriptor
    /// Lowest first.
    var layers: [Descriptor]

    init?(_ document: ManifestDocument.Document) {
        guard let config = document.config, let layers = document.layers else { return nil }
        self.config = config
        self.layers = layers
    }
}

extension [Descriptor] {
    /// The entry of an index that runs on a platform.
    ///
    /// - Throws: `ImageError` that says which there are.
    func choose(for platform: Platform) throws -> Descriptor {
        if let found = first(where: { $0.platform.map(platform.runs) ?? false }) { return found }
        // Attestations say "unknown".
        let others = Set(compactMap(\.platform).filter { $0.os != "unknown" }.map(\.description)).sorted()
        throw ImageError(
            .wrongPlatform,
            "The image is not for \(platform) but for \(others.isEmpty ? "none" : others.prefix(20).joined(separator: ", "))."
        )
    }
}
