import Foundation

/// What is found at the paths of OAuth.
public enum OAuthRoute: Hashable, Sendable {
    /// The token endpoint.
    case token
    /// Where people begin to sign in with a browser.
    case authorization
    /// Where their browsers wait, each at an address that it alone knows.
    case signIn(String)
    /// The exchange of tokens of issuers outside.
    case securityToken
    /// What a token stands for, in Google's form.
    case tokenInfo
    /// The same in the form of RFC 7662.
    case introspection
    /// The end of a token, in Google's form.
    case revocation
    /// The same in the form of RFC 7009.
    case securityTokenRevocation
    /// What the installation says of itself.
    case discovery
    /// The keys of id tokens, as JSON web keys.
    case issuerKeys
    /// The same as certificates.
    case issuerCertificates
    /// The keys of a service account, as JSON web keys.
    case accountKeys(String)
    /// The same as certificates.
    case accountCertificates(String)
    /// The same as plain numbers.
    case accountNumbers(String)

    /// The labels before a domain that the paths are served at.
    private static let labels = ["oauth2", "www", "sts", "accounts", "auth"]

    /// Finds the route of a request; nil when the request is for something else.
    ///
    /// - Parameters:
    ///   - method: `GET` or `POST`.
    ///   - path: without the query, not decoded.
    ///   - host: in lower case and without port.
    ///   - domains: those that the server answers to. Hosts outside of them are plain addresses, and have every path.
    public init?(method: String, path: String, host: String, domains: [String]) {
        // The path first: every request comes by here, and few have such a path.
        guard let route = Self(method: method, path: path) else { return nil }
        let isInside = domains.contains { host == $0 || host.hasSuffix("." + $0) }
        let isServed = domains.contains { domain in Self.labels.contains { host == "\($0).\(domain)" } }
        guard isServed || !isInside else { return nil }
        // A page of somebody else's name that leads here could read what only the browser's user is to see.
        guard isServed || !route.isPage || Self.isAddress(host) else { return nil }
        self = route
    }

    /// Whether people come here with a browser.
    public var isPage: Bool {
        switch self {
        case .authorization, .signIn: true
        default: false
        }
    }

    private static func isAddress(_ host: String) -> Bool {
        host == "localhost" || host.contains(":") || host.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
    }

    private init?(method: String, path: String) {
        switch (method, path) {
        case ("POST", "/token"), ("POST", "/oauth2/v4/token"), ("POST", "/v1/oauthtoken"): self = .token
        case ("GET", "/authorize"), ("GET", "/o/oauth2/auth"), ("GET", "/o/oauth2/v2/auth"): self = .authorization
        case ("GET", _) where path.hasPrefix("/signin/"): self = .signIn(String(path.dropFirst("/signin/".count)))
        case ("POST", "/v1/token"): self = .securityToken
        case ("GET", "/tokeninfo"), ("POST", "/tokeninfo"), ("GET", "/oauth2/v1/tokeninfo"),
            ("POST", "/oauth2/v1/tokeninfo"), ("GET", "/oauth2/v3/tokeninfo"), ("POST", "/oauth2/v3/tokeninfo"):
            self = .tokenInfo
        case ("POST", "/v1/introspect"): self = .introspection
        case ("POST", "/revoke"), ("POST", "/o/oauth2/revoke"): self = .revocation
        case ("POST", "/v1/revoke"): self = .securityTokenRevocation
        case ("GET", "/.well-known/openid-configuration"): self = .discovery
        case ("GET", "/oauth2/v3/certs"): self = .issuerKeys
        case ("GET", "/oauth2/v1/certs"): self = .issuerCertificates
        case ("GET", _): self.init(ofAccount: path)
        default: return nil
        }
    }

    private init?(ofAccount path: String) {
        let prefix = "/service_accounts/v1/"
        guard path.hasPrefix(prefix) else { return nil }
        let words = path.dropFirst(prefix.count).split(separator: "/", omittingEmptySubsequences: false)
        guard let last = words.last, let account = last.removingPercentEncoding?.lowercased(), !account.isEmpty,
            account.utf8.count <= 254
        else { return nil }
        switch words.dropLast() {
        case ["jwk"], ["metadata", "jwk"]: self = .accountKeys(account)
        case ["metadata", "x509"]: self = .accountCertificates(account)
        case ["metadata", "raw"]: self = .accountNumbers(account)
        default: return nil
        }
    }
}
