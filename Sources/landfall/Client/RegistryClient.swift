import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import OCI
import Requests

/// Speaks to the server's registry of images as any container tool does, about one image.
struct RegistryClient {
    let installation: Installation
    let session: Session
    let reference: ImageReference
    /// Where the image's repository is: `us-central1`.
    let location: String

    /// Layers go up in pieces, so that none takes long.
    private static let piece = 8 << 20

    /// - Throws: `CommandFailure` when the reference is not to the server's own registry.
    init(_ client: APIClient, _ reference: ImageReference) throws {
        let hosts = RegistryHosts(universe: client.installation.info.universe)
        guard let location = hosts.location(of: reference.registry) else {
            throw CommandFailure(
                "\(reference.registry) is not this server's registry: a name begins with "
                    + "us-central1-docker.pkg.dev/PROJECT/REPOSITORY/.")
        }
        installation = client.installation
        session = client.session
        self.reference = reference
        self.location = location
    }

    /// The digest that the registry has at a tag or digest.
    func digest(of selector: String) async throws -> Digest {
        let answer = try await send(.HEAD, "manifests/\(selector)", expecting: [.ok])
        guard let digest = answer.headers.first(name: "docker-content-digest").flatMap({ Digest($0) }) else {
            throw CommandFailure("The registry does not say the digest of \(reference).")
        }
        return digest
    }

    /// Whether the registry has a blob already.
    func has(_ blob: Digest) async throws -> Bool {
        try await send(.HEAD, "blobs/\(blob)", expecting: [.ok, .notFound]).status == .ok
    }

    /// Sends a blob; the registry verifies it.
    func push(_ blob: ArchivedImage.Blob) async throws {
        var place = try Self.location(await send(.POST, "blobs/uploads/", expecting: [.accepted]))
        for offset in stride(from: 0, to: blob.part.length, by: Self.piece) {
            let bytes = try blob.part.read(at: offset, count: Self.piece)
            var headers = HTTPHeaders([("content-type", "application/octet-stream")])
            headers.add(name: "content-range", value: "\(offset)-\(offset + bytes.count - 1)")
            place = try Self.location(await send(.PATCH, place, headers, bytes, expecting: [.accepted]))
        }
        let separator = place.contains("?") ? "&" : "?"
        _ = try await send(.PUT, "\(place)\(separator)digest=\(blob.digest)", expecting: [.created])
    }

    /// Puts a manifest at a tag or at its digest.
    func push(_ manifest: ArchivedImage.Manifest, at selector: String) async throws {
        let headers = HTTPHeaders([("content-type", manifest.mediaType)])
        _ = try await send(.PUT, "manifests/\(selector)", headers, manifest.bytes, expecting: [.created])
    }

    /// Removes a tag, or a manifest by its digest.
    func remove(_ selector: String) async throws {
        _ = try await send(.DELETE, "manifests/\(selector)", expecting: [.accepted])
    }

    /// Sends a request.
    ///
    /// - Parameter path: below the image, or from the root with a slash at the beginning.
    private func send(
        _ method: HTTPMethod, _ path: String, _ headers: HTTPHeaders = [:], _ body: [UInt8] = [],
        expecting: [HTTPResponseStatus]
    ) async throws -> (status: HTTPResponseStatus, headers: HTTPHeaders, body: Data) {
        let session = try await installation.refreshed(session)
        let target = path.hasPrefix("/") ? path : "/v2/\(reference.repository)/\(path)"
        var request = HTTPClientRequest(url: installation.baseURL + target)
        request.method = method
        request.headers = headers
        request.headers.add(name: "host", value: reference.registry)
        let login = Data("oauth2accesstoken:\(session.accessToken)".utf8).base64EncodedString()
        request.headers.add(name: "authorization", value: "Basic \(login)")
        request.headers.add(name: "user-agent", value: "landfall")
        if method != .HEAD { request.body = .bytes(ByteBuffer(bytes: body)) }
        let answer = try await installation.exchange(request)
        guard expecting.contains(answer.status) else { throw Self.failure(answer.status, answer.body, reference) }
        return answer
    }

    /// Where an upload goes on.
    private static func location(
        _ answer: (status: HTTPResponseStatus, headers: HTTPHeaders, body: Data)
    ) throws -> String {
        guard let location = answer.headers.first(name: "location"), let url = URLComponents(string: location),
            url.percentEncodedPath.hasPrefix("/")
        else { throw CommandFailure("The registry does not say where an upload goes on.") }
        return url.percentEncodedPath + (url.percentEncodedQuery.map { "?\($0)" } ?? "")
    }

    private static func failure(_ status: HTTPResponseStatus, _ body: Data, _ image: ImageReference) -> CommandFailure {
        struct Document: Decodable {
            struct Entry: Decodable { var message: String? }
            var errors: [Entry]
        }
        let words = (try? JSONDecoder().decode(Document.self, from: body))?.errors.compactMap(\.message).first
        return CommandFailure(
            words ?? (status == .notFound ? "\(image) does not exist." : "The registry answers \(status)."))
    }
}
