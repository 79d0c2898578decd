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
        guard isOwned else {
            throw CommandFailure(
                errno == EACCES
                    ? "Only the owner of this installation may log in: \(controlSocket) is not yours. Try sudo."
                    : "No server answers at \(controlSocket). Is 'landfall up' running?")
        }
        let message = Landfall_Control_V1_LoginRequest.with { $0.email = email }
        let body = try await asOwner(.POST, "/v1/login", body: try message.jsonUTF8Data())
        let answer = try Landfall_Control_V1_LoginResponse(jsonUTF8Bytes: body)
        return Session(
            account: answer.account, accessToken: answer.accessToken, expiresAt: answer.expireTime.date,
            refreshToken: answer.refreshToken)
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
