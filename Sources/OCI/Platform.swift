/// An operating system and a processor that an image is for (OCI Image Format, `platform`).
public struct Platform: Codable, Hashable, Sendable, CustomStringConvertible {
    /// `linux`.
    public var os: String
    /// `amd64`, `arm64`.
    public var architecture: String
    /// The processor's variant, as in `v8`.
    public var variant: String?

    /// A platform of these names.
    public init(os: String, architecture: String, variant: String? = nil) {
        self.os = os
        self.architecture = architecture
        self.variant = variant
    }

    /// This machine's.
    public static let host: Platform = {
        #if arch(arm64)
        Platform(os: "linux", architecture: "arm64", variant: "v8")
        #else
        Platform(os: "linux", architecture: "amd64")
        #endif
    }()

    /// Whether what is for `other` runs here. A variant that is not said is the usual one.
    public func runs(_ other: Platform) -> Bool {
        os == other.os && architecture == other.architecture
            && (other.variant == nil || other.variant == "" || other.variant == variant || other.variant == "v1")
    }

    /// `linux/arm64/v8`.
    public var description: String { ([os, architecture] + (variant.map { [$0] } ?? [])).joined(separator: "/") }
}
