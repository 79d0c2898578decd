import OCI

/// Brings layers into the cache, each once, however many want it at the same time.
struct LayerPulls: Sendable {
    private struct Key: Hashable, Sendable {
        let layer: Digest
        let source: BlobSource
        /// By what the manifest says: who is told wrong fails alone.
        let size: Int
    }

    /// How many of an image's layers come at once.
    private static let width = 4

    /// How many times as large layers are unpacked, as a rule.
    private static let growth = 3

    private let cache: ImageCache
    private let unpacking: LayerUnpacking
    /// How many layers come at once, of all images.
    private let slots = Slots(8)
    private let work = SharedWork<Key, Void>()

    init(cache: ImageCache, unpacking: LayerUnpacking) {
        self.cache = cache
        self.unpacking = unpacking
    }

    /// Does something while an image's layers are in the cache. On a disk that is full it is tried once more when images
    /// that nobody uses could make room: how large layers are is known only once they are unpacked.
    ///
    /// - Parameters:
    ///   - blobs: lowest first.
    ///   - ids: the digests of their archives, in the same order.
    /// - Throws: `ImageError`, or what `body` throws.
    func withLayers<Value: Sendable>(
        _ blobs: [Descriptor], _ ids: [Digest], _ session: RegistrySession, _ body: () async throws -> Value
    ) async throws -> Value {
        let reserved = Set(ids)
        await cache.reserve(reserved)
        await cache.makeRoom(for: Self.growth * blobs.reduce(0) { $0 + $1.size })
        do {
            let value: Value
            do {
                try await bring(Array(zip(blobs, ids)), session)
                value = try await body()
            } catch let error as ImageError where error.kind == .diskFull {
                guard await cache.removeIdle() else { throw error }
                try await bring(Array(zip(blobs, ids)), session)
                value = try await body()
            }
            await cache.letGo(reserved)
            return value
        } catch {
            await cache.letGo(reserved)
            throw error
        }
    }

    private func bring(_ layers: [(blob: Descriptor, id: Digest)], _ session: RegistrySession) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var rest = layers[...]
            for layer in rest.prefix(Self.width) { group.addTask { try await bring(layer.blob, layer.id, session) } }
            rest = rest.dropFirst(Self.width)
            while try await group.next() != nil {
                guard let layer = rest.popFirst() else { continue }
                group.addTask { try await bring(layer.blob, layer.id, session) }
            }
        }
    }

    /// Brings one layer.
    ///
    /// That somebody else got it is no reason to let others have it: only the registry knows who may. And what one
    /// registry says of a digest proves nothing about what came from another.
    private func bring(_ blob: Descriptor, _ id: Digest, _ session: RegistrySession) async throws {
        try await session.check(blob.digest)
        let source = BlobSource(registry: session.registry, digest: blob.digest)
        try await work.value(for: Key(layer: id, source: source, size: blob.size)) {
            if await cache.has(id, from: source) { return }
            try await slots.run {
                let unpacked = try await unpacking.unpack(blob, id, session)
                try await cache.keep(unpacked.directory, as: id, bytes: unpacked.bytes, from: source)
            }
        }
    }
}
