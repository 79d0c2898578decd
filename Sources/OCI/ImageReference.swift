/// Where an image is: `HOST[:PORT]/PATH[:TAG][@DIGEST]`, with Docker Hub where there is no host.
public struct ImageReference: Sendable, Hashable {
    /// The registry's host, in lower case, with a port if one was given: `docker.io`, `us-central1-docker.pkg.dev`.
    public let registry: String
    /// The path below it: `library/busybox`, `demo/images/report`.
    public let repository: String
    /// The tag; nil when there is only a digest.
    public let tag: String?
    /// The digest, which wins over the tag.
    public let digest: Digest?

    /// The host of Docker Hub, as references have it.
    public static let hub = "docker.io"

    /// Reads a reference. Without tag and digest it is `latest`, and without host Docker Hub's.
    ///
    /// - Throws: `ImageReferenceError` that says what is wrong with it.
    public init(_ text: String) throws(ImageReferenceError) {
        guard text.utf8.count <= 512, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ImageReferenceError(text, "it is longer than 512 characters, or has one that no reference has")
        }
        guard !text.contains("://") else {
            throw ImageReferenceError(text, "a reference has no scheme: leave \"https://\" out")
        }
        var rest = Substring(text)
        digest = try Self.cutDigest(&rest, of: text)
        let tag = try Self.cutTag(&rest, of: text)
        self.tag = tag ?? (digest == nil ? "latest" : nil)
        (registry, repository) = try Self.place(rest, of: text)
    }

    /// What is asked of the registry: the digest, or the tag.
    public var selector: String { digest?.description ?? tag ?? "latest" }

    private static func cutDigest(_ rest: inout Substring, of text: String) throws(ImageReferenceError) -> Digest? {
        guard let at = rest.firstIndex(of: "@") else { return nil }
        guard let digest = Digest(String(rest[rest.index(after: at)...])) else {
            throw ImageReferenceError(text, "its digest is not \"sha256:\" and 64 lower-case hexadecimal digits")
        }
        rest = rest[..<at]
        return digest
    }

    private static func cutTag(_ rest: inout Substring, of text: String) throws(ImageReferenceError) -> String? {
        // A colon before the last slash is a port's.
        guard let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") else { return nil }
        let tag = rest[rest.index(after: colon)...]
        guard let name = TagName(String(tag)) else {
            throw ImageReferenceError(
                text, "its tag is not 1 to 128 letters, digits, \"_\", \".\" and \"-\", of which the first is no sign")
        }
        rest = rest[..<colon]
        return name.text
    }

    private static func place(_ rest: Substring, of text: String) throws(ImageReferenceError) -> (String, String) {
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
        let first = parts[0]
        let hasHost = parts.count > 1 && (first.contains(where: { $0 == "." || $0 == ":" }) || first == "localhost")
        var registry = hasHost ? first.lowercased() : hub
        if registry == "index.docker.io" || registry == "registry-1.docker.io" { registry = hub }
        guard HostGrammar.isHost(registry) else {
            throw ImageReferenceError(text, "\"\(first)\" is no host")
        }
        let path = hasHost ? parts.dropFirst() : parts[...]
        guard path.allSatisfy(ImageName.isPart) else {
            throw ImageReferenceError(
                text,
                "its path is not of lower-case letters and digits, with single \".\", \"_\", \"__\" or \"-\" between them"
            )
        }
        let repository = path.joined(separator: "/")
        guard repository.utf8.count <= 255 else { throw ImageReferenceError(text, "its path is over 255 characters") }
        return (registry, registry == hub && path.count == 1 ? "library/\(repository)" : repository)
    }
}

extension ImageReference: CustomStringConvertible {
    /// The whole reference with nothing left out: `docker.io/library/busybox:latest`.
    public var description: String {
        "\(registry)/\(repository)" + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }
}

/// Why a text is no reference to an image.
public struct ImageReferenceError: Error, Hashable, CustomStringConvertible {
    /// A sentence with the text in it.
    public let description: String

    init(_ text: String, _ problem: String) {
        description = "\"\(text.prefix(512))\" is no reference to an image: \(problem)."
    }
}
