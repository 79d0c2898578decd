// A resource is kept by its full name.

extension Resource: Codable {
    /// Reads a full name, such as `//cloudresourcemanager.googleapis.com/projects/demo`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let resource = Self(fullName: name) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(name)' is no resource")
        }
        self = resource
    }

    /// Writes the full name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(fullName)
    }
}
