import Foundation
import Server

/// What gcloud is told of where people sign in with a browser.
struct LoginConfiguration: Encodable {
    let type = "external_account_authorized_user_login_config"
    let universeDomain: String
    let universeCloudWebDomain: String?
    let audience = ServerInfo.loginAudience
    let authUrl: String
    let tokenUrl: String
    let tokenInfoUrl: String

    /// - Parameters:
    ///   - info: of the server.
    ///   - baseURL: where its port is, which any browser of this machine can open.
    ///   - isForUniverse: whether gcloud calls the server by the names of its universe, and not by Google's.
    init(info: ServerInfo, baseURL: String, isForUniverse: Bool) {
        let domain = isForUniverse ? info.universe : "googleapis.com"
        universeDomain = domain
        universeCloudWebDomain = isForUniverse ? domain : nil
        authUrl = isForUniverse ? "https://auth.\(domain)/authorize" : "\(baseURL)/authorize"
        tokenUrl = "https://sts.\(domain)/v1/oauthtoken"
        tokenInfoUrl = "https://sts.\(domain)/v1/introspect"
    }

    /// The file's contents.
    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }
}
