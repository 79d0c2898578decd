import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Requests to one registry in somebody's name: with what it asks for as proof, redirects, and further tries.
actor RegistryRequests {
    private let origin: String
    private let tokens: TokenSource
    private let credential: RegistryCredential?
    private let clients: RegistryClients
    private var authorization: String?

    private static let mostRedirects = 5
    private static let pauses: [Duration] = [.milliseconds(200), .seconds(1), .seconds(3)]

    /// - Parameters:
    ///   - origin: what the requests are about, for errors.
    ///   - scope: what a token is asked for, in Docker's words.
    init(origin: String, scope: String, credential: RegistryCredential?, clients: RegistryClients) {
        self.origin = origin
        self.clients = clients
        self.credential = credential
        tokens = TokenSource(scope: scope, credential: credential, clients: clients)
    }

    /// Sends a request. The answer may have any status that another try would not change.
    ///
    /// - Throws: `ImageError` when there is no answer.
    func send(_ method: HTTPMethod, _ address: String, headers: HTTPHeaders = [:]) async throws -> HTTPClientResponse {
        guard let url = URL(string: address) else { throw ImageError(.invalid, "\(address) is no URL.") }
        var pauses = Self.pauses[...]
        while true {
            do {
                let response = try await authorized(method, url, headers)
                if !response.status.isPassing || pauses.isEmpty { return response }
            } catch let error as ImageError where error.kind != .unavailable || pauses.isEmpty {
                throw error
            } catch {
                try Task.checkCancellation()
                guard !pauses.isEmpty else {
                    throw ImageError(.unavailable, "The registry at \(url.authority) cannot be reached: \(error)")
                }
            }
            try await Task.sleep(for: pauses.removeFirst())
        }
    }

    /// The body of an answer.
    ///
    /// - Throws: `ImageError` when the status is not 200, or the body too large.
    func collect(_ response: HTTPClientResponse, _ what: String, upTo limit: Int) async throws -> [UInt8] {
        guard response.status == .ok else { throw try await failure(response, what) }
        do {
            return Array(try await response.body.collect(upTo: limit).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw ImageError(.invalid, "The \(what) has more than \(limit) bytes.")
        } catch {
            try Task.checkCancellation()
            throw ImageError(.unavailable, "The \(what) breaks off: \(error)")
        }
    }

    /// What an answer's status says about an image or blob.
    func failure(_ response: HTTPClientResponse, _ what: String) async throws -> ImageError {
        let body = try? await response.body.collect(upTo: 16 << 10)
        let words = RegistryErrors.message(in: body.map { Array($0.readableBytesView) } ?? []).map { " (\($0))" } ?? ""
        let status = response.status
        let denial = "The \(what) may not be read\(words)."
        return switch status {
        case .unauthorized: ImageError(.unauthenticated, denial)
        case .forbidden: ImageError(.denied, denial)
        case .notFound: ImageError(.notFound, "The \(what) does not exist\(words).")
        default: ImageError(.unavailable, "The registry of \(origin) answers \(status.code) for the \(what)\(words).")
        }
    }

    /// Sends a request, and once more with a new proof when the registry asks for one.
    private func authorized(_ method: HTTPMethod, _ url: URL, _ headers: HTTPHeaders) async throws -> HTTPClientResponse
    {
        // Landfall's own registry takes it without asking for it first.
        if authorization == nil, let credential, try clients.way(to: url).isLandfall {
            authorization = credential.basicAuthorization
        }
        let (response, place) = try await following(method, url, headers)
        // What a host asks for that a redirect leads to is not the registry's word: it could have any password.
        guard response.status == .unauthorized, Self.isSame(place, url) else { return response }
        let challenge = RegistryChallenge(response.headers["www-authenticate"])
        guard let challenge, let proof = try await tokens.authorization(for: challenge, of: url) else {
            return response
        }
        authorization = proof
        await Self.leave(response)
        return try await following(method, url, headers).response
    }

    /// Sends a request where redirects lead. What proves who asks goes to no other host.
    ///
    /// - Returns: the answer, and where it is from.
    private func following(
        _ method: HTTPMethod, _ url: URL, _ headers: HTTPHeaders
    ) async throws -> (response: HTTPClientResponse, place: URL) {
        var place = url
        for _ in 0...Self.mostRedirects {
            var request = HTTPClientRequest(url: place.absoluteString)
            request.method = method
            request.headers = headers
            request.headers.add(name: "user-agent", value: "landfall")
            if Self.isSame(place, url), let authorization {
                request.headers.add(name: "authorization", value: authorization)
            }
            let response = try await clients.way(to: place).client.execute(request, timeout: .seconds(60))
            guard response.status.isRedirect, let location = response.headers.first(name: "location") else {
                return (response, place)
            }
            await Self.leave(response)
            guard let next = URL(string: location, relativeTo: place)?.absoluteURL else {
                throw ImageError(.invalid, "The registry of \(origin) redirects to what is no URL.")
            }
            place = next
        }
        throw ImageError(.invalid, "The registry of \(origin) redirects more than \(Self.mostRedirects) times.")
    }

    /// Whether two addresses are of one host, reached in one way.
    private static func isSame(_ one: URL, _ other: URL) -> Bool {
        one.scheme == other.scheme && one.authority == other.authority
    }

    /// Reads an answer whose body does not matter, so that its connection can be used again.
    private static func leave(_ response: HTTPClientResponse) async {
        _ = try? await response.body.collect(upTo: 16 << 10)
    }
}

extension HTTPResponseStatus {
    /// The server is not well at the moment, or has too much to do.
    fileprivate var isPassing: Bool { code == 429 || code == 408 || (500...599).contains(code) }

    fileprivate var isRedirect: Bool { [301, 302, 303, 307, 308].contains(code) }
}
