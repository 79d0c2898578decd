import Access
import OCI
import Registry
import Requests

/// An image as the paths of the protocol name it: `demo/images/team/report` at `us-central1-docker.pkg.dev`.
struct ImagePath: Hashable, Sendable {
    /// With its project as the path says it.
    let repository: Resource
    let image: ImageName
    /// All of it, as it is written in a path.
    let text: String

    /// Nil for what names no image.
    ///
    /// - Parameters:
    ///   - parts: what stands between `/v2/` and what is asked for.
    ///   - host: tells the location. At a plain address the first part does: `127.0.0.1:8080/us-docker.pkg.dev/…`.
    init?(_ parts: ArraySlice<String>, at host: String, of hosts: RegistryHosts) {
        var rest = parts
        var location = hosts.location(of: host)
        if location == nil, let first = rest.popFirst() { location = hosts.location(of: first) }
        guard let location, rest.count >= 3, let project = rest.popFirst(), let repository = rest.popFirst(),
            !project.isEmpty, !repository.isEmpty, let image = ImageName(rest.joined(separator: "/"))
        else { return nil }
        self.repository = .repository(repository, location: location, project: project)
        self.image = image
        text = parts.joined(separator: "/")
    }
}

/// What a path of the protocol asks for (OCI Distribution, Endpoints).
enum RegistryPath: Hashable, Sendable {
    /// Whether the protocol is spoken here.
    case base
    /// A token for user and password.
    case token
    case manifest(ImagePath, Reference)
    case blob(ImagePath, Digest)
    /// Where uploads begin.
    case uploads(ImagePath)
    case upload(ImagePath, UploadID)
    case tags(ImagePath)
    case referrers(ImagePath, Digest)

    /// In bytes.
    private static let longest = 1_024

    /// Reads a path.
    ///
    /// - Parameter path: not decoded, without the query.
    /// - Throws: `RegistryFault`
    init(_ path: String, at host: String, of hosts: RegistryHosts) throws {
        guard path.utf8.count <= Self.longest, let decoded = path.removingPercentEncoding, path.hasPrefix("/v2") else {
            throw RegistryFault.unknownPath
        }
        var parts = decoded.dropFirst("/v2".count).split(separator: "/", omittingEmptySubsequences: false)
            .map(String.init)[...]
        guard parts.isEmpty || parts.popFirst() == "" else { throw RegistryFault.unknownPath }
        if parts.isEmpty || parts == [""] {
            self = .base
        } else if parts == ["token"] {
            self = .token
        } else {
            self = try Self.ofImage(parts, at: host, of: hosts)
        }
    }

    private static func ofImage(
        _ parts: ArraySlice<String>, at host: String, of hosts: RegistryHosts
    ) throws -> RegistryPath {
        func image(_ count: Int) throws -> ImagePath {
            guard let path = ImagePath(parts.dropLast(count), at: host, of: hosts) else {
                throw RegistryFault.badName
            }
            return path
        }
        let last = Array(parts.suffix(3))
        if last.count == 3, last[1] == "uploads", last[0] == "blobs" {
            if last[2].isEmpty { return .uploads(try image(3)) }
            guard let id = UploadID(last[2]) else { throw RegistryFault(RegistryError.noUpload) }
            return .upload(try image(3), id)
        }
        if last.suffix(2) == ["blobs", "uploads"] { return .uploads(try image(2)) }
        if last.suffix(2) == ["tags", "list"] { return .tags(try image(2)) }
        guard last.count == 3 else { throw RegistryFault.unknownPath }
        switch last[1] {
        case "manifests":
            guard let reference = Reference(last[2]) else { throw RegistryFault.badReference }
            return .manifest(try image(2), reference)
        case "blobs", "referrers":
            guard let digest = Digest(last[2]) else { throw RegistryFault.badDigest }
            return last[1] == "blobs" ? .blob(try image(2), digest) : .referrers(try image(2), digest)
        default: throw RegistryFault.unknownPath
        }
    }
}
