import Logging
import OCI

/// The images and layers that are on this machine, and who needs them.
///
/// Layers are shared by the images that have them. When all together take more than the limit, images that nobody uses
/// go, the one first that was used least recently. They go too when what images say of themselves takes too much of
/// the memory: of images without a layer of their own there can be any number.
actor ImageCache {
    private struct CachedImage {
        var record: ImageRecord
        var pins = 0
        /// Greater than that of every image that was used before.
        var lastUse: Int
    }

    /// What the records of images may take of the memory, in bytes; those in use stay whatever they take.
    private static let recordLimit = 64 << 20

    private let files: CacheFiles
    private let sizeLimit: Int
    private let logger: Logger
    private var images: [Digest: CachedImage] = [:]
    private var layers: [Digest: LayerRecord] = [:]
    /// How many pulls need a layer, whether it is here yet or not.
    private var reservations: [Digest: Int] = [:]
    /// What all of `images` take of the memory.
    private var recordBytes = 0
    private var uses = 0
    private var removals: Task<Void, Never>?

    /// Reads what is there.
    ///
    /// - Parameter sizeLimit: in bytes.
    init(files: CacheFiles, sizeLimit: Int, logger: Logger) async throws {
        self.files = files
        self.sizeLimit = sizeLimit
        self.logger = logger
        let (layers, images) = try await blocking { (files.loadLayers(), files.loadImages()) }
        for record in layers { self.layers[record.id] = record }
        for record in images {
            guard record.layers.allSatisfy({ self.layers[$0] != nil }) else {
                files.removeImage(record.digest)
                continue
            }
            uses += 1
            recordBytes += record.bytes
            self.images[record.digest] = CachedImage(record: record, lastUse: uses)
        }
        trim()
    }

    // MARK: Images

    /// Keeps an image that is here and was pulled from this repository; nil when there is none.
    func pin(_ digest: Digest, from repository: String) -> ImagePin? {
        guard images[digest]?.record.repositories.contains(repository) ?? false else { return nil }
        files.touch(image: digest)
        return pin(digest)
    }

    /// Takes in an image whose layers are here and reserved.
    func add(_ record: ImageRecord) async throws -> ImagePin {
        var image = images[record.digest] ?? CachedImage(record: record, lastUse: 0)
        recordBytes -= images[record.digest]?.record.bytes ?? 0
        image.record.repositories.formUnion(record.repositories)
        recordBytes += image.record.bytes
        images[record.digest] = image
        guard let pin = pin(record.digest) else { throw CancellationError() }
        let files = files
        try await blocking { [record = image.record] in try files.write(record) }
        return pin
    }

    private func pin(_ digest: Digest) -> ImagePin? {
        guard var image = images[digest] else { return nil }
        uses += 1
        image.lastUse = uses
        image.pins += 1
        images[digest] = image
        return ImagePin(record: image.record, cache: self)
    }

    /// Takes one pin away.
    func release(_ digest: Digest) {
        images[digest]?.pins -= 1
        trim()
    }

    // MARK: Layers

    /// Keeps layers that are here or will be, until they are let go.
    func reserve(_ wanted: Set<Digest>) {
        for layer in wanted { reservations[layer, default: 0] += 1 }
    }

    /// Ends a reservation.
    func letGo(_ reserved: Set<Digest>) {
        for layer in reserved {
            let count = (reservations[layer] ?? 1) - 1
            reservations[layer] = count > 0 ? count : nil
        }
        trim()
    }

    /// Whether a layer is here, and known to be this blob of this registry.
    func has(_ layer: Digest, from source: BlobSource) -> Bool {
        layers[layer]?.sources.contains(source) ?? false
    }

    /// Takes in a layer that has been verified and is reserved.
    ///
    /// - Parameter unpacked: the directory that it is in by now.
    func keep(_ unpacked: String, as layer: Digest, bytes: Int, from source: BlobSource) async throws {
        var record = layers[layer] ?? LayerRecord(id: layer, bytes: bytes, sources: [], boot: files.boot)
        record.sources.insert(source)
        let files = files
        try await blocking { [record] in try files.keep(unpacked, as: record) }
        layers[layer, default: record].sources.insert(source)
    }

    /// Where a layer's files are.
    nonisolated func path(ofLayer id: Digest) -> String { files.path(ofLayer: id) }

    /// What all layers take of the disk, in bytes.
    var size: Int { layers.values.reduce(0) { $0 + $1.bytes } }

    // MARK: Eviction

    /// Lets idle images go when the disk has too little room for layers of this size as they are unpacked. None goes for
    /// what would not fit without any either: how large layers are is only what a manifest says.
    func makeRoom(for bytes: Int) {
        guard let free = files.freeRoom(), free < bytes, bytes - free <= size else { return }
        trim(to: size - (bytes - free))
    }

    /// Lets all idle images go, and waits until their layers have left the disk.
    ///
    /// - Returns: whether the disk has more room by now.
    func removeIdle() async -> Bool {
        let before = files.freeRoom() ?? .max
        trim(to: 0)
        await removals?.value
        return files.freeRoom() ?? 0 > before
    }

    /// Removes until the rest fits, or is in use.
    private func trim() { trim(to: sizeLimit) }

    private func trim(to limit: Int) {
        var total = size
        guard total > limit || recordBytes > Self.recordLimit else { return }
        removeUnused(&total, to: limit)
        while total > limit || recordBytes > Self.recordLimit {
            let idle = images.values.filter { $0.pins == 0 }
            guard let oldest = idle.min(by: { $0.lastUse < $1.lastUse }) else { return }
            let digest = oldest.record.digest
            logger.info("An image leaves the cache.", metadata: ["image": "\(digest)"])
            recordBytes -= oldest.record.bytes
            images[digest] = nil
            files.removeImage(digest)
            removeUnused(&total, to: limit)
        }
    }

    /// Removes the layers of no image that nobody holds, until the rest fits.
    private func removeUnused(_ total: inout Int, to limit: Int) {
        let needed = Set(images.values.flatMap(\.record.layers))
        for (id, layer) in layers where reservations[id] == nil && !needed.contains(id) && total > limit {
            layers[id] = nil
            total -= layer.bytes
            remove(id)
        }
    }

    /// Takes a layer's files away at once, and removes them one layer after the other.
    private func remove(_ layer: Digest) {
        guard let removed = files.takeAway(layer) else { return }
        let files = files
        let before = removals
        removals = Task {
            await before?.value
            _ = try? await blocking { files.remove(removed) }
        }
    }

    /// Ends the cache: what was evicted leaves the disk, and the rest is on it for good.
    func settle() async {
        await removals?.value
        let files = files
        do {
            try await blocking { try files.settle() }
        } catch {
            logger.warning("Images may have to be pulled anew.", metadata: ["error": "\(error)"])
        }
    }
}
