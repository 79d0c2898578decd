import Foundation
import HTTPTypes
import HummingbirdCore
import Methods

/// A request with where it was sent to and where it came from.
struct RegistryRequest: Sendable {
    let request: Request
    /// In lower case and without port.
    let host: String
    let isSecure: Bool
    let address: String?

    /// Longer texts of clients about themselves are cut, in characters.
    private static let longestUserAgent = 500

    var method: HTTPRequest.Method { request.method }
    var path: String { request.uri.path }
    var body: RequestBody { request.body }
    var authorization: String? { request.headers[.authorization] }

    /// A parameter of the query, decoded.
    func parameter(_ name: String) -> String? { request.uri.queryParameters[Substring(name)].map(String.init) }

    var origin: CallOrigin {
        CallOrigin(
            address: address, userAgent: request.headers[.userAgent].map { String($0.prefix(Self.longestUserAgent)) })
    }

    /// Where clients find the token's endpoint: with the port that they addressed.
    var realm: String {
        let authority = request.head.authority ?? host
        return "\(isSecure ? "https" : "http")://\(authority)/v2/token"
    }
}

extension RegistryFault {
    /// Asks for credentials, and says where they are changed into a token.
    static func unauthorized(_ request: RegistryRequest, _ path: RegistryPath) -> RegistryFault {
        var fault = RegistryFault(
            .unauthorized, "UNAUTHORIZED",
            "Credentials are missing or not valid: sign in as oauth2accesstoken with an access token for password, or "
                + "use gcloud auth configure-docker.")
        var challenge = "Bearer realm=\"\(request.realm)\",service=\"\(request.host)\""
        if let scope = path.scope(request.method) { challenge += ",scope=\"\(scope)\"" }
        fault.headers[.wwwAuthenticate] = challenge
        return fault
    }
}

extension RegistryPath {
    /// What a client asks the token's endpoint for: the tokens of this one are for everything.
    fileprivate func scope(_ method: HTTPRequest.Method) -> String? {
        switch self {
        case .base, .token: nil
        case .manifest(let image, _), .blob(let image, _), .uploads(let image), .upload(let image, _),
            .tags(let image), .referrers(let image, _):
            "repository:\(image.text):\(method == .get || method == .head ? "pull" : "pull,push")"
        }
    }
}
