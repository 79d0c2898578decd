import OCI

/// One way of an image to the cache, in somebody's name.
struct Pull: Sendable {
    let reference: ImageReference
    let session: RegistrySession
    let cache: ImageCache
    let layers: LayerPulls
    let platform: Platform

    /// An index may lead to another one, but not on and on.
    private static let deepestIndex = 2

    private var repository: String { "\(reference.registry)/\(reference.repository)" }

    /// Brings the image into the cache, unless it is there, and makes sure that whoever asks may read it.
    ///
    /// - Throws: `ImageError`
    func run() async throws -> ImagePin {
        let named = try await session.digest(of: reference.selector)
        if let wanted = reference.digest, let named, named != wanted {
            throw ImageError(.invalid, "The registry \(reference.registry) answers \(wanted) with \(named).")
        }
        if let named, let pin = await cache.pin(named, from: repository) { return pin }
        let top = try await session.manifest(named?.description ?? reference.selector)
        if let pin = await cache.pin(top.digest, from: repository) { return pin }
        let manifest = try await resolve(top)
        let configuration = try await configuration(of: manifest)
        return try await layers.withLayers(manifest.layers, configuration.layers, session) {
            try await cache.add(
                ImageRecord(
                    digest: top.digest, layers: Self.withoutDoubles(configuration.layers),
                    configuration: configuration.configuration, repositories: [repository]))
        }
    }

    /// The manifest for this platform.
    private func resolve(_ top: RegistrySession.Manifest) async throws -> ImageManifest {
        var manifest = top
        for _ in 0...Self.deepestIndex {
            switch try ManifestDocument(manifest.bytes, mediaType: manifest.mediaType) {
            case .image(let image): return image
            case .index(let entries):
                manifest = try await session.manifest(entries.choose(for: platform).digest.description)
            }
        }
        throw ImageError(.invalid, "The index of the image leads to more indexes.")
    }

    private func configuration(of manifest: ImageManifest) async throws -> ConfigurationDocument {
        let bytes = try await session.document(manifest.config, upTo: ConfigurationDocument.largest)
        let configuration = try ConfigurationDocument(bytes)
        guard platform.runs(configuration.platform) else {
            throw ImageError(.wrongPlatform, "The image is not for \(platform) but for \(configuration.platform).")
        }
        guard configuration.layers.count == manifest.layers.count else {
            throw ImageError(
                .invalid,
                "The image's configuration has \(configuration.layers.count) layers, its manifest "
                    + "\(manifest.layers.count).")
        }
        return configuration
    }

    /// Of a layer that is there twice, the upper one hides all of the lower one, and overlayfs takes each once only.
    static func withoutDoubles(_ layers: [Digest]) -> [Digest] {
        var seen: Set<Digest> = []
        return layers.reversed().filter { seen.insert($0).inserted }.reversed()
    }
}
