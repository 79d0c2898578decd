import AsyncHTTPClient
import Foundation
import NIOCore
import Schema
import SwiftProtobuf

extension Installation {
    /// Logs in over the socket that only the owner of the installation can open.
    func login(_ email: String) async throws -> Session {
        guard access(controlSocket, R_OK | W_OK) == 0 else {
            throw CommandFailure(
                errno == EACCES
                    ? "Only the owner of this installation may log in: \(controlSocket) is not yours. Try sudo."
                    : "No server answers at \(controlSocket). Is 'landfall up' running?")
        }
        let path = controlSocket.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? controlSocket
        var request = HTTPClientRequest(url: "http+unix://\(path)/v1/login")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        let message = Landfall_Control_V1_LoginRequest.with { $0.email = email }
        request.body = .bytes(ByteBuffer(bytes: try message.jsonUTF8Data()))
        let response = try await exchange(request)
        guard response.status == .ok else {
            throw APIFailure(status: Int(response.status.code), body: response.body)
        }
        let answer = try Landfall_Control_V1_LoginResponse(jsonUTF8Bytes: response.body)
        return Session(
            account: answer.account, accessToken: answer.accessToken, expiresAt: answer.expireTime.date,
            refreshToken: answer.refreshToken)
    }
}
