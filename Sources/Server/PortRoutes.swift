import FoundationEssentials
import Gateway
import HTTPTypes
import HummingbirdCore
import NIOCore
import OAuth

/// What the port answers besides gRPC: the APIs, and the two routes that are no API's method.
struct PortRoutes: Sendable {
    let rest: RESTResponder
    let tokens: TokenEndpoint
    /// Where `oauth2` is the host of the token endpoint.
    let domains: [String]

    func respond(to request: Request, host: String) async -> Response {
        switch request.uri.path {
        case "/healthz" where request.method == .get:
            text(.ok, "ok\n", type: "text/plain; charset=utf-8")
        case "/token" where request.method == .post && isTokenHost(host):
            await exchange(request)
        default:
            await rest.respond(to: request, host: host)
        }
    }

    private func isTokenHost(_ host: String) -> Bool { domains.contains { host == "oauth2.\($0)" } }

    private func exchange(_ request: Request) async -> Response {
        do {
            let form = try await request.body.collect(upTo: TokenEndpoint.largestForm)
            let answer = try await tokens.answer(form: Data(form.readableBytesView))
            return text(.init(code: answer.status), String(decoding: answer.body, as: UTF8.self))
        } catch is NIOTooManyBytesError {
            return text(.contentTooLarge, #"{"error":"invalid_request","error_description":"The form is too long."}"#)
        } catch {
            return text(.serviceUnavailable, #"{"error":"temporarily_unavailable"}"#)
        }
    }

    private func text(
        _ status: HTTPResponse.Status, _ body: String, type: String = "application/json; charset=utf-8"
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }
}
