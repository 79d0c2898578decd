/// Keeps an image in the cache for as long as anybody holds on to it.
final class ImagePin: Sendable {
    let record: ImageRecord
    private let cache: ImageCache

    /// Made by the cache, which has counted it.
    init(record: ImageRecord, cache: ImageCache) {
        self.record = record
        self.cache = cache
    }

    deinit {
        let (digest, cache) = (record.digest, cache)
        Task { await cache.release(digest) }
    }
}
