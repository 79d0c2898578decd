import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Schema
import SwiftProtobuf

/// Calls the server's APIs over REST, like any other client.
struct APIClient {
    let installation: Installation
    let session: Session
    /// Whether to wait for a while for a server that has stopped: it may be about to start again.
    var isPatient = false

    /// Calls a method.
    ///
    /// - Parameters:
    ///   - api: first label of the API's host: `batch`.
    ///   - path: with the version, and the query.
    /// - Throws: `APIFailure` for an answer that is an error.
    func call<Response: Message>(
        _ method: HTTPMethod, _ api: String, _ path: String, body: (any Message)? = nil, returning: Response.Type
    ) async throws -> Response {
        let data = try await send(method, api, path, body: body.map { try $0.jsonUTF8Data() })
        var options = JSONDecodingOptions()
        options.ignoreUnknownFields = true
        return try Response(jsonUTF8Bytes: data, options: options)
    }

    /// Calls a method with a body of JSON as it stands.
    func send(_ method: HTTPMethod, _ api: String, _ path: String, body: Data?) async throws -> Data {
        let session = try await installation.refreshed(session)
        var request = HTTPClientRequest(url: installation.baseURL + path)
        request.method = method
        request.headers.add(name: "host", value: "\(api).\(installation.info.universe)")
        request.headers.add(name: "authorization", value: "Bearer \(session.accessToken)")
        request.headers.add(name: "user-agent", value: "landfall")
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let answer = try await installation.exchange(request, isPatient: isPatient)
        // A good token is refused when it was another server's, whose data this one has not.
        guard answer.status != .unauthorized else { throw session.hasEnded }
        guard (200..<300).contains(answer.status.code) else {
            throw APIFailure(status: Int(answer.status.code), body: answer.body)
        }
        return answer.body
    }
}

/// An error that the server answered with.
struct APIFailure: Error, CustomStringConvertible {
    /// The HTTP status.
    let status: Int
    /// What is wrong, and on further lines what would help, where the server says so.
    let message: String

    init(status: Int, body: Data) {
        struct Envelope: Decodable {
            struct Failure: Decodable {
                var message: String
                var details: [Detail]?
            }
            /// A detail of any type; only `google.rpc.LocalizedMessage` has a message, and only `google.rpc.Help` links.
            struct Detail: Decodable {
                var message: String?
                var links: [Link]?
                var lines: [String] { [message].compactMap(\.self) + (links ?? []).compactMap(\.description) }
            }
            struct Link: Decodable { var description: String? }
            var error: Failure
        }
        self.status = status
        let failure = try? JSONDecoder().decode(Envelope.self, from: body).error
        message =
            failure.map { ([$0.message] + ($0.details ?? []).flatMap(\.lines)).joined(separator: "\n") }
            ?? "The server answered with HTTP status \(status)."
    }

    var description: String { message }
}

extension Installation {
    /// Where its port is, without a slash at the end.
    var baseURL: String { "http://\(info.address)" }

    /// The session itself while its token is good; else a new token for it, kept for the next call.
    func refreshed(_ session: Session) async throws -> Session {
        guard session.expiresAt < Date().addingTimeInterval(60) else { return session }
        struct Answer: Decodable {
            var accessToken: String
            var expiresIn: Double
        }
        let response = try await exchange(
            form("/token", "grant_type=refresh_token&refresh_token=\(session.refreshToken)"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard response.status == .ok, let answer = try? decoder.decode(Answer.self, from: response.body) else {
            throw session.hasEnded
        }
        var renewed = session
        renewed.accessToken = answer.accessToken
        renewed.expiresAt = Date().addingTimeInterval(answer.expiresIn)
        try save(renewed, asCurrent: false)
        return renewed
    }

    /// Ends a session's tokens. One that the server does not know any more has ended already.
    func revoke(_ session: Session) async throws {
        let response = try await exchange(form("/revoke", "token=\(session.refreshToken)"))
        guard [.ok, .badRequest].contains(response.status) else {
            throw APIFailure(status: Int(response.status.code), body: response.body)
        }
    }

    /// A request to the server's OAuth endpoints.
    private func form(_ path: String, _ fields: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = .POST
        request.headers.add(name: "host", value: "oauth2.\(info.universe)")
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: fields))
        return request
    }
}
