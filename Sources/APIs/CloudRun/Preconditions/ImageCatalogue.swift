import Access

/// Knows which images lie in this server's own repositories.
public protocol ImageCatalogue: Sendable {
    /// Where an image lies; nil for an image of another registry.
    ///
    /// - Parameter image: as a job names it: `us-central1-docker.pkg.dev/demo/images/report:1`.
    func location(of image: String) -> ImageLocation?

    /// Whether an image is there.
    func contains(_ image: ImageLocation) async throws -> Bool
}

/// An image in one of this server's repositories.
public struct ImageLocation: Hashable, Sendable {
    /// The repository; its project by id or by number, as the image's name has it.
    public var repository: Resource
    /// The image's name in the repository: `report`, `team/report`.
    public var package: String
    /// Which of its versions.
    public var version: Version

    /// How a version of an image is named.
    public enum Version: Hashable, Sendable {
        case tag(String)
        /// With the algorithm in front: `sha256:…`.
        case digest(String)
    }

    /// A location of these parts.
    public init(repository: Resource, package: String, version: Version) {
        self.repository = repository
        self.package = package
        self.version = version
    }

    /// Reads the name of an image.
    ///
    /// - Parameters:
    ///   - image: `HOST/PROJECT/REPOSITORY/PACKAGE[:TAG][@DIGEST]`.
    ///   - domains: the domains whose hosts `LOCATION-docker.DOMAIN` are this server's: `pkg.dev`.
    /// - Returns: nil for an image of another registry.
    public init?(_ image: String, domains: [String]) {
        let digestParts = image.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        var words = (digestParts.first ?? "").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard words.count >= 4, !words.contains(""), let location = Self.location(ofHost: words[0], domains),
            let last = words.popLast()
        else { return nil }
        let tagParts = last.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        repository = .repository(words[2], location: location, project: words[1])
        package = (words.dropFirst(3) + [tagParts[0]]).joined(separator: "/")
        version =
            digestParts.count == 2
            ? .digest(String(digestParts[1])) : .tag(tagParts.count == 2 ? tagParts[1] : "latest")
    }

    private static func location(ofHost host: String, _ domains: [String]) -> String? {
        let host = host.lowercased().prefix { $0 != ":" }
        for domain in domains where host.hasSuffix("-docker.\(domain)") {
            return String(host.dropLast("-docker.\(domain)".count))
        }
        return nil
    }
}
