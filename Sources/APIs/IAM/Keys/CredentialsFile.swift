import Directory
import FoundationEssentials
import Identity

/// What programs sign in as a service account with: the JSON that gcloud and Google's libraries call a key file.
struct CredentialsFile: Encodable {
    private let type = "service_account"
    private let projectID: String
    private let privateKeyID: String
    private let privateKey: String
    private let clientEmail: String
    private let clientID: String
    private let authURI: String
    private let tokenURI: String
    private let providerCertificates: String
    private let ownCertificates: String
    private let universeDomain: String

    /// - Parameters:
    ///   - universe: the domain of the APIs that it is for, which is in all addresses: programs look for the server
    ///     there.
    init(_ key: SigningKey, of account: ServiceAccountRecord, universe: String) {
        projectID = account.project
        privateKeyID = key.id
        privateKey = key.privateKeyPEM
        clientEmail = account.email
        clientID = account.uniqueID
        let isGoogle = universe == Self.googlesUniverse
        authURI = isGoogle ? "https://accounts.google.com/o/oauth2/auth" : "https://accounts.\(universe)/o/oauth2/auth"
        tokenURI = "https://oauth2.\(universe)/token"
        providerCertificates = "https://www.\(universe)/oauth2/v1/certs"
        let escaped = account.email.replacing("@", with: "%40")
        ownCertificates = "https://www.\(universe)/service_accounts/v1/metadata/x509/\(escaped)"
        universeDomain = universe
    }

    /// The universe of Google's own APIs, which clients under a proxy address.
    static let googlesUniverse = "googleapis.com"

    /// The file. A secret.
    func data() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    private enum CodingKeys: String, CodingKey {
        case type
        case projectID = "project_id"
        case privateKeyID = "private_key_id"
        case privateKey = "private_key"
        case clientEmail = "client_email"
        case clientID = "client_id"
        case authURI = "auth_uri"
        case tokenURI = "token_uri"
        case providerCertificates = "auth_provider_x509_cert_url"
        case ownCertificates = "client_x509_cert_url"
        case universeDomain = "universe_domain"
    }
}
