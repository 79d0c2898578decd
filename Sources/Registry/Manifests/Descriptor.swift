// The JSON of manifests.

extension Manifest {
    /// The fields of a manifest or an index that count here.
    struct Content: Decodable, Sendable {
        var schemaVersion: Int
        var mediaType: String?
        var artifactType: String?
        var config: Descriptor?
        var layers: [Descriptor]?
        var manifests: [Descriptor]?
        var subject: Descriptor?
        var annotations: [String: String]?
    }
}

/// How a manifest names something else.
struct Descriptor: Decodable, Sendable {
    let mediaType: String
    let digest: Digest
    let size: Int64
    /// Of a layer that lies elsewhere.
    let isForeign: Bool
    let platform: Platform?

    private enum Key: String, CodingKey {
        case mediaType, digest, size, urls, platform
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        mediaType = try fields.decode(String.self, forKey: .mediaType)
        size = try fields.decode(Int64.self, forKey: .size)
        guard let digest = Digest(try fields.decode(String.self, forKey: .digest)), size >= 0 else {
            throw DecodingError.dataCorruptedError(forKey: .digest, in: fields, debugDescription: "no digest or size")
        }
        self.digest = digest
        platform = try fields.decodeIfPresent(Platform.self, forKey: .platform)
        let urls = try fields.decodeIfPresent([String].self, forKey: .urls) ?? []
        isForeign = !urls.isEmpty && (mediaType.contains(".foreign.") || mediaType.contains(".nondistributable."))
    }
}

/// What a child of an index runs on.
public struct Platform: Decodable, Hashable, Sendable {
    /// `amd64`
    public var architecture: String
    /// `linux`
    public var os: String
    /// `v8`
    public var variant: String?
}
