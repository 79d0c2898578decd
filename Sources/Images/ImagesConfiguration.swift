import Glibc
import OCI

/// Where images are kept, and what they may be.
public struct ImagesConfiguration: Sendable {
    /// Where they are kept: a directory of root's alone, on a file system that overlayfs can have its layers on.
    public var directory: String
    /// The program `landfall-unpack`; nil for the one beside the running program.
    public var unpacker: String?
    /// How much of the disk images may take, in bytes. Those in use stay whatever they take.
    public var sizeLimit: Int
    /// What a layer may have.
    public var limits: LayerLimits
    /// What images must be for.
    public var platform: Platform
    /// Registries that are asked without TLS, `HOST:PORT` each: `127.0.0.1:5000`. Whoever runs a job chooses what the
    /// agent asks there, so that this is for the operator to say.
    public var plainRegistries: Set<String>
    /// How long a pull may take.
    public var patience: Duration

    /// By default 20 GiB of images for this machine, from registries with TLS, in half an hour each.
    public init(
        directory: String, unpacker: String? = nil, sizeLimit: Int = 20 << 30, limits: LayerLimits = LayerLimits(),
        platform: Platform = .host, plainRegistries: Set<String> = [], patience: Duration = .seconds(1800)
    ) {
        self.directory = directory
        self.unpacker = unpacker
        self.sizeLimit = sizeLimit
        self.limits = limits
        self.platform = platform
        self.plainRegistries = plainRegistries
        self.patience = patience
    }
}

extension ImagesConfiguration {
    /// The path of landfall-unpack.
    ///
    /// - Throws: `ImageError` when it is missing.
    func unpackerPath() throws -> String {
        if let unpacker { return unpacker }
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        let program = String(decoding: buffer.prefix(max(length, 0)), as: UTF8.self)
        let path = "/\(program.split(separator: "/").dropLast().joined(separator: "/"))/landfall-unpack"
        guard access(path, X_OK) == 0 else {
            throw ImageError(.machine, "The program \(path) is missing: install it beside landfall.")
        }
        return path
    }
}
