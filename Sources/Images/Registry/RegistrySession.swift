import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import OCI

/// A conversation with a registry about one repository, for somebody.
actor RegistrySession {
    /// A manifest as it came, with the digest of its bytes.
    struct Manifest: Sendable {
        let bytes: [UInt8]
        let mediaType: String?
        let digest: Digest
    }

    nonisolated let registry: String
    nonisolated let repository: String
    private let requests: RegistryRequests
    private let base: String

    init(_ reference: ImageReference, credential: RegistryCredential?, clients: RegistryClients) {
        registry = reference.registry
        repository = reference.repository
        // Docker Hub's registry is not where its name says.
        let host = registry == ImageReference.hub ? "registry-1.docker.io" : registry
        base = "\(clients.scheme(of: host))://\(host)/v2/\(repository)"
        requests = RegistryRequests(
            origin: "\(registry)/\(repository)", scope: "repository:\(repository):pull", credential: credential,
            clients: clients)
    }

    /// The digest of a manifest, by what the registry says; nil when it does not say.
    ///
    /// - Parameter selector: a tag or a digest.
    /// - Throws: `ImageError`
    func digest(of selector: String) async throws -> Digest? {
        let response = try await requests.send(.HEAD, "\(base)/manifests/\(selector)", headers: Self.accept)
        guard response.status == .ok else {
            // Not every registry answers HEAD.
            if response.status == .methodNotAllowed { return nil }
            // An answer to HEAD has no words; why it is refused is said in one to GET.
            if [.unauthorized, .forbidden, .notFound].contains(response.status) {
                return try await manifest(selector).digest
            }
            throw try await requests.failure(response, name(of: selector))
        }
        return response.headers.first(name: "docker-content-digest").flatMap { Digest($0) }
    }

    /// Fetches a manifest or an index.
    ///
    /// - Throws: `ImageError`, also when it has another digest than it was asked for by.
    func manifest(_ selector: String) async throws -> Manifest {
        let response = try await requests.send(.GET, "\(base)/manifests/\(selector)", headers: Self.accept)
        let bytes = try await requests.collect(
            response, name(of: selector), upTo: ManifestDocument.largest)
        let digest = Digest(of: bytes)
        if let wanted = Digest(selector), digest != wanted {
            throw ImageError(
                .invalid, "The registry \(registry) answers \(wanted) with a manifest of digest \(digest).")
        }
        let type = response.headers.first(name: "content-type")?.split(separator: ";").first
        return Manifest(bytes: bytes, mediaType: type.map(String.init), digest: digest)
    }

    /// Fetches a small blob.
    ///
    /// - Throws: `ImageError`, also when it is not what its digest says.
    func document(_ blob: Descriptor, upTo largest: Int) async throws -> [UInt8] {
        guard blob.size <= largest else {
            throw ImageError(.invalid, "The blob \(blob.digest) has \(blob.size) bytes; at most \(largest) are read.")
        }
        let response = try await requests.send(.GET, url(of: blob.digest))
        let bytes = try await requests.collect(response, "blob \(blob.digest)", upTo: largest)
        guard Digest(of: bytes) == blob.digest else {
            throw ImageError(.invalid, "The registry \(registry) answers \(blob.digest) with something else.")
        }
        return bytes
    }

    /// Makes sure that whoever asks may read a blob, and that it is there.
    ///
    /// - Throws: `ImageError`
    func check(_ blob: Digest) async throws {
        let response = try await requests.send(.HEAD, url(of: blob))
        guard response.status == .ok else { throw try await requests.failure(response, "blob \(blob)") }
    }

    /// Begins to fetch a blob from an offset; the answer is 200 with all of it, or 206 with the rest.
    ///
    /// - Throws: `ImageError`
    func content(of blob: Digest, from offset: Int) async throws -> HTTPClientResponse {
        var headers = HTTPHeaders()
        if offset > 0 { headers.add(name: "range", value: "bytes=\(offset)-") }
        let response = try await requests.send(.GET, url(of: blob), headers: headers)
        guard response.status == .ok || (response.status == .partialContent && offset > 0) else {
            throw try await requests.failure(response, "blob \(blob)")
        }
        return response
    }

    private func name(of selector: String) -> String {
        "image \(registry)/\(repository)\(Digest(selector) == nil ? ":" : "@")\(selector)"
    }

    private func url(of blob: Digest) -> String { "\(base)/blobs/\(blob)" }

    private static let accept: HTTPHeaders = {
        var headers = HTTPHeaders()
        for type in MediaType.allCases { headers.add(name: "accept", value: type.rawValue) }
        return headers
    }()
}
