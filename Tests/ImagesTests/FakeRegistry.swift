import Foundation
import ImageSupport
import Images
import NIOHTTP1
import OCI
import Synchronization

/// A registry of one's own, in memory.
final class FakeRegistry: Sendable {
    struct State {
        /// By digest and by `REPOSITORY:TAG`.
        var manifests: [String: (type: String, bytes: [UInt8])] = [:]
        var blobs: [Digest: [UInt8]] = [:]
        var requests: [WebServer.Request] = []
        /// Repositories that want this token, and what they say of where it is to be had.
        var tokens: [String: String] = [:]
        var challenge = ""
        /// The next answers with a blob break off after so many bytes.
        var cuts: [Int] = []
        /// Ranges are not known.
        var ignoresRanges = false
        /// Blobs are at another server.
        var blobsAt: String?
    }

    let state = Mutex(State())

    /// Puts an image at a tag.
    func add(_ image: TestImage, at tag: String = "app:latest") {
        state.withLock { state in
            state.manifests[tag] = (TestImage.manifestType, image.manifest)
            state.manifests[Digest(of: image.manifest).description] = (TestImage.manifestType, image.manifest)
            for bytes in image.layers.map(\.blob) + [image.configuration] { state.blobs[Digest(of: bytes)] = bytes }
        }
    }

    /// Puts an index of images at a tag.
    func addIndex(of images: [TestImage], at tag: String = "app:latest") {
        for image in images { add(image, at: "unused:tag") }
        let index = TestImage.index(images)
        state.withLock { state in
            state.manifests[tag] = (TestImage.indexType, index)
            state.manifests[Digest(of: index).description] = (TestImage.indexType, index)
        }
    }

    /// How many requests have a method and a target that ends so.
    func count(_ method: HTTPMethod, ending: String = "") -> Int {
        state.withLock { $0.requests.count { $0.method == method && $0.target.hasSuffix(ending) } }
    }

    /// Answers one request.
    func answer(_ request: WebServer.Request) -> WebServer.Answer {
        state.withLock { state in
            state.requests.append(request)
            // /v2/REPOSITORY/manifests/SELECTOR
            let parts = request.target.split(separator: "/").map(String.init)
            guard parts.count >= 4, parts[0] == "v2" else { return .init(status: .notFound) }
            let repository = parts[1..<(parts.count - 2)].joined(separator: "/")
            if let token = state.tokens[repository],
                request.headers.first(name: "authorization") != "Bearer \(token)"
            {
                return .init(status: .unauthorized, headers: [("www-authenticate", state.challenge)])
            }
            return parts[parts.count - 2] == "manifests"
                ? Self.manifest(parts[parts.count - 1], of: repository, state)
                : Self.blob(parts[parts.count - 1], request, &state)
        }
    }

    private static func manifest(_ selector: String, of repository: String, _ state: State) -> WebServer.Answer {
        guard let manifest = state.manifests[selector] ?? state.manifests["\(repository):\(selector)"] else {
            return .init(status: .notFound, body: Array("{\"errors\":[{\"message\":\"no such tag\"}]}".utf8))
        }
        return .init(
            headers: [
                ("content-type", manifest.type), ("docker-content-digest", Digest(of: manifest.bytes).description),
            ], body: manifest.bytes)
    }

    private static func blob(_ name: String, _ request: WebServer.Request, _ state: inout State) -> WebServer.Answer {
        guard let digest = Digest(name), let bytes = state.blobs[digest] else { return .init(status: .notFound) }
        if let other = state.blobsAt, request.method == .GET {
            return .init(status: .temporaryRedirect, headers: [("location", "\(other)/\(name)")])
        }
        var answer = WebServer.Answer(body: bytes)
        if let range = request.headers.first(name: "range"), !state.ignoresRanges {
            let start = Int(range.dropFirst("bytes=".count).prefix { $0 != "-" }) ?? 0
            answer.status = .partialContent
            answer.headers = [("content-range", "bytes \(start)-\(bytes.count - 1)/\(bytes.count)")]
            answer.body = Array(bytes[start...])
        }
        if request.method == .GET, !state.cuts.isEmpty { answer.cut = state.cuts.removeFirst() }
        return answer
    }
}
