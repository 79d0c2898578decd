import DockerRegistry
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
    let registry: DockerRegistry
    /// All domains whose names the server answers to.
    let domains: [String]

    func respond(to request: Request, host: String, from peer: Endpoint.Peer) async -> Response {
        if request.uri.path == "/healthz", request.method == .get {
            return text(.ok, "ok\n", type: "text/plain; charset=utf-8")
        }
        let route = OAuthRoute(
            method: request.method.rawValue, path: request.uri.path, host: host, domains: domains)
        if let route { return await answer(request, at: route) }
        if isImageTransfer(path: request.uri.path, host: host) {
            return await registry.respond(to: request, host: host, isSecure: peer.isSecure, from: peer.address)
        }
        return await rest.respond(to: request, host: host, from: peer.address)
    }

    /// Whether a request pulls or pushes an image: it may take its time.
    func isImageTransfer(path: String, host: String) -> Bool {
        registry.serves(path: path, host: host, domains: domains)
    }

    private func answer(_ request: Request, at route: OAuthRoute) async -> Response {
        // Browsers say what for they load a page: other sites' pages need not begin sign-ins as pictures of theirs.
        if route.isPage, let name = Self.use, let use = request.headers[name], use != "document" {
            return text(.forbidden, "This is a page for people.\n", type: "text/plain; charset=utf-8")
        }
        do {
            let form = try await request.body.collect(upTo: OAuthService.largestForm)
            let answer = try await oauth.answer(
                route, query: request.uri.query ?? "", body: Data(form.readableBytesView),
                isJSON: request.headers[.contentType]?.lowercased().hasPrefix("application/json") ?? false)
            return Response(
                status: .init(code: answer.status), headers: Self.fields(answer.headers),
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
        } catch is NIOTooManyBytesError {
            return text(.contentTooLarge, #"{"error":"invalid_request","error_description":"The form is too long."}"#)
        } catch {
            return text(.serviceUnavailable, #"{"error":"temporarily_unavailable"}"#)
        }
    }

    private static let use = HTTPField.Name("sec-fetch-dest")

    private static func fields(_ headers: [String: String]) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return fields
    }

    private func text(
        _ status: HTTPResponse.Status, _ body: String, type: String = "application/json; charset=utf-8"
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }
}
