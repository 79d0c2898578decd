import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Schema
import SwiftProtobuf

extension Installation {
    /// Whether this user owns the installation: may open its socket.
    var isOwned: Bool { access(controlSocket, R_OK | W_OK) == 0 }

    /// Logs in over the socket that only the owner of the installation can open.
    func login(_ email: String) async throws -> Session {
        let answer = try await control(
            "login", Landfall_Control_V1_LoginRequest.with { $0.email = email },
            returning: Landfall_Control_V1_LoginResponse.self)
        return Session(
            account: answer.account, accessToken: answer.accessToken, expiresAt: answer.expireTime.date,
            refreshToken: answer.refreshToken)
    }

    /// Calls a method over the socket that only the owner of the installation can open.
    ///
    /// - Parameter path: of a POST, after the version.
    func control<Response: Message>(
        _ path: String, _ message: some Message, returning: Response.Type
    ) async throws -> Response {
        guard isOwned else {
            throw CommandFailure(
                errno == EACCES
                    ? "Only the owner of this installation may do that: \(controlSocket) is not yours. Try sudo."
                    : "No server answers at \(controlSocket). Is 'landfall up' running?")
        }
        let body = try await asOwner(.POST, "/v1/\(path)", body: try message.jsonUTF8Data())
        return try Response(jsonUTF8Bytes: body)
    }

    /// Calls a method over the owner's socket.
    ///
    /// - Throws: `APIFailure` for an answer that is an error.
    func asOwner(_ method: HTTPMethod, _ path: String, body: Data? = nil) async throws -> Data {
        let socket = controlSocket.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? controlSocket
        var request = HTTPClientRequest(url: "http+unix://\(socket)\(path)")
        request.method = method
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await exchange(request)
        guard response.status == .ok else {
            throw APIFailure(status: Int(response.status.code), body: response.body)
        }
        return response.body
    }
}
