import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Where the proof comes from that a registry asks for.
struct TokenSource: Sendable {
    /// What a token is to allow: `repository:demo/images/report:pull`.
    let scope: String
    let credential: RegistryCredential?
    let clients: RegistryClients

    private static let largestAnswer = 64 << 10

    /// What meets a challenge; nil when there is nothing to meet it with.
    ///
    /// - Parameter registry: whose challenge it is.
    /// - Throws: `ImageError`
    func authorization(for challenge: RegistryChallenge, of registry: URL) async throws -> String? {
        let credential = try usable(credential, at: registry)
        switch challenge {
        case .basic:
            return credential?.basicAuthorization
        case .bearer(let realm, let service):
            return "Bearer \(try await token(realm: realm, service: service, credential: credential))"
        }
    }

    /// An account's token opens all that the account may do here: no stranger gets it.
    private func usable(_ credential: RegistryCredential?, at url: URL) throws -> RegistryCredential? {
        guard case .accessToken = credential else { return credential }
        guard try clients.way(to: url).isLandfall else {
            throw ImageError(
                .denied, "An account's access token is not sent to \(url.authority), which is not Landfall's own.")
        }
        return credential
    }

    private func token(realm: String, service: String?, credential: RegistryCredential?) async throws -> String {
        guard var address = URLComponents(string: realm) else {
            throw ImageError(.invalid, "The registry names \"\(realm.prefix(200))\" as its token server.")
        }
        let service = service.map { [URLQueryItem(name: "service", value: $0)] } ?? []
        address.queryItems = (address.queryItems ?? []) + service + [URLQueryItem(name: "scope", value: scope)]
        guard let url = address.url else { throw ImageError(.invalid, "The registry's token server has no URL.") }
        var request = HTTPClientRequest(url: url.absoluteString)
        request.headers.add(name: "user-agent", value: "landfall")
        if let credential = try usable(credential, at: url) {
            request.headers.add(name: "authorization", value: credential.basicAuthorization)
        }
        let response = try await clients.way(to: url).client.execute(request, timeout: .seconds(30))
        return try await Self.read(response, from: url)
    }

    private static func read(_ response: HTTPClientResponse, from url: URL) async throws -> String {
        let body = Array(try await response.body.collect(upTo: largestAnswer).readableBytesView)
        guard response.status == .ok else {
            let words = RegistryErrors.message(in: body).map { ": \($0)" } ?? ""
            throw ImageError(
                kind(of: response.status),
                "The token server \(url.authority) answers \(response.status.code)\(words).")
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body)),
            let token = answer.token ?? answer.access_token, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw ImageError(.invalid, "The token server \(url.authority) answers without a token.") }
        return token
    }

    /// What a token server's refusal means.
    private static func kind(of status: HTTPResponseStatus) -> ImageError.Kind {
        switch status {
        case .unauthorized: .unauthenticated
        case .tooManyRequests: .unavailable
        default: (400...499).contains(status.code) ? .denied : .unavailable
        }
    }

    // Spelled as on the wire.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Answer: Decodable {
        var token: String?
        var access_token: String?
    }
}

/// The errors that registries and token servers write.
enum RegistryErrors {
    private struct Document: Decodable {
        struct Entry: Decodable {
            var message: String?
        }

        var errors: [Entry]?
        var details: String?
    }

    /// The first message of an answer's body, shortened and without control characters.
    static func message(in body: [UInt8]) -> String? {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(body)) else { return nil }
        let text = document.errors?.lazy.compactMap(\.message).first ?? document.details
        return text.map { String(String.UnicodeScalarView($0.unicodeScalars.filter { $0.value >= 0x20 }.prefix(200))) }
    }
}
