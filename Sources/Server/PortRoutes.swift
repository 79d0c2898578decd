import FoundationEssentials
import Gateway
import HTTPTypes
import HummingbirdCore
import NIOCore
import OAuth

/// What the port answers besides gRPC: the APIs, and the routes that are no API's method.
struct PortRoutes: Sendable {
    let rest: RESTResponder
    let oauth: OAuthService
    /// All domains whose names the server answers to.
    let domains: [String]

    func respond(to request: Request, host: String, from address: String? = nil) async -> Response {
        if request.uri.path == "/healthz", request.method == .get {
            return text(.ok, "ok\n", type: "text/plain; charset=utf-8")
        }
        let route = OAuthRoute(
            method: request.method.rawValue, path: request.uri.path, host: host, domains: domains)
        if let route { return await answer(request, at: route) }
        return await rest.respond(to: request, host: host, from: address)
    }

    private func answer(_ request: Request, at route: OAuthRoute) async -> Response {
        do {
            let form = try await request.body.collect(upTo: OAuthService.largestForm)
            let answer = try await oauth.answer(
                route, query: request.uri.query ?? "", body: Data(form.readableBytesView),
                isJSON: request.headers[.contentType]?.lowercased().hasPrefix("application/json") ?? false)
            return text(
                .init(code: answer.status), String(decoding: answer.body, as: UTF8.self),
                // Keys are published a week before they are used.
                caching: answer.isPublic ? "public, max-age=300" : "no-store")
        } catch is NIOTooManyBytesError {
            return text(.contentTooLarge, #"{"error":"invalid_request","error_description":"The form is too long."}"#)
        } catch {
            return text(.serviceUnavailable, #"{"error":"temporarily_unavailable"}"#)
        }
    }

    private func text(
        _ status: HTTPResponse.Status, _ body: String, type: String = "application/json; charset=utf-8",
        caching: String = "no-store"
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: caching],
            body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }
}
