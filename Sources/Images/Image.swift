import OCI
import Synchronization

/// An image that is on this machine, and stays until it is released.
public final class Image: Sendable {
    /// The digest of its manifest or index.
    public let digest: Digest
    /// The directories of its layers, lowest first; not to be written to. Files in them belong to the ids 0 to 65535 of
    /// the image. Whiteouts are overlayfs's own.
    public let layers: [String]
    /// How it wants its containers to be run.
    public let configuration: ImageConfiguration

    private let pin: Mutex<ImagePin?>

    init(_ pin: ImagePin, layers: [String]) {
        digest = pin.record.digest
        configuration = pin.record.configuration
        self.layers = layers
        self.pin = Mutex(pin)
    }

    /// Lets the image leave the cache when nobody else needs it. Its layers are not to be used any more.
    public func release() {
        pin.withLock { $0 = nil }
    }
}
