/// How a request names a version of an image.
public enum Reference: Hashable, Sendable, CustomStringConvertible {
    /// Whatever has the tag at the moment.
    case tag(TagName)
    /// That one.
    case digest(Digest)

    /// Nil for what is neither a tag nor a digest.
    public init?(_ text: String) {
        if let digest = Digest(text) {
            self = .digest(digest)
        } else if let tag = TagName(text) {
            self = .tag(tag)
        } else {
            return nil
        }
    }

    /// As it is written in an address.
    public var description: String {
        switch self {
        case .tag(let tag): tag.text
        case .digest(let digest): digest.description
        }
    }
}
