/// A place in the tree of metadata.
indirect enum MetadataNode: Hashable {
    case directory([MetadataEntry])
    case text(String)
    case number(UInt64)
    /// Several values, one on each line.
    case list([String])
    /// An access token, made when it is asked for.
    case accessToken
    /// An id token, made when it is asked for.
    case identityToken

    /// What is below a directory by this name.
    subscript(name: String) -> MetadataNode? {
        guard case .directory(let entries) = self else { return nil }
        return entries.first { $0.name == name }?.node
    }

    var isDirectory: Bool { if case .directory = self { true } else { false } }

    /// Tokens are listed, and not part of what is above them.
    var isSecret: Bool { self == .accessToken || self == .identityToken }
}

/// A name in a directory of metadata, and what it stands for.
struct MetadataEntry: Hashable {
    var name: String
    var node: MetadataNode

    init(_ name: String, _ node: MetadataNode) {
        self.name = name
        self.node = node
    }
}
