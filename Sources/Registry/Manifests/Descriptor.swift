import OCI

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
        digest = try fields.decode(Digest.self, forKey: .digest)
        size = try fields.decode(Int64.self, forKey: .size)
        guard size >= 0 else {
            throw DecodingError.dataCorruptedError(forKey: .size, in: fields, debugDescription: "a negative size")
        }
        platform = try fields.decodeIfPresent(Platform.self, forKey: .platform)
        let urls = try fields.decodeIfPresent([String].self, forKey: .urls) ?? []
        isForeign = !urls.isEmpty && (mediaType.contains(".foreign.") || mediaType.contains(".nondistributable."))
    }
}
