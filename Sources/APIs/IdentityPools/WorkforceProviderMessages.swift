import Crypto
import Directory
import FoundationEssentials
import Methods
import Schema

extension Google_Iam_Admin_V1_WorkforcePoolProvider: ProviderMessage {
    private static let maximumScopes = 10
    private static let longestText = 256

    static var family: PoolFamily { .workforce }
    static var oidcPaths: [String] {
        [
            "oidc.issuer_uri", "oidc.client_id", "oidc.client_secret", "oidc.web_sso_config.response_type",
            "oidc.web_sso_config.assertion_claims_behavior", "oidc.web_sso_config.additional_scopes", "oidc.jwks_json",
        ]
    }

    func checkSupport() throws {
        if case .saml? = providerConfig { throw Self.unsupported("Providers of SAML", field: "saml") }
        guard !detailedAuditLogging else {
            throw ServiceError.invalidArgument(
                "Detailed audit logging is not supported.", field: "\(Self.field).detailed_audit_logging")
        }
    }

    func applyOIDC(_ path: String, to record: inout IdentityProviderRecord) throws {
        switch path {
        case "oidc.issuer_uri": record.issuer = oidc.issuerUri
        case "oidc.client_id": record.audiences = oidc.clientID.isEmpty ? [] : [oidc.clientID]
        case "oidc.client_secret": record.secretThumbprint = try thumbprint()
        case "oidc.jwks_json": record.keys = oidc.jwksJson.isEmpty ? nil : oidc.jwksJson
        default:
            let none = IdentityProviderRecord.WebSignIn(responseType: "", claims: "")
            var webSignIn = record.webSignIn ?? none
            webSignIn.apply(String(path.dropFirst("oidc.web_sso_config.".count)), of: oidc.webSsoConfig)
            record.webSignIn = webSignIn == none ? nil : webSignIn
        }
    }

    mutating func complete(_ record: IdentityProviderRecord) {
        state = record.deletedAt == nil ? .active : .deleted
        oidc.issuerUri = record.issuer
        oidc.clientID = record.audiences.first ?? ""
        oidc.jwksJson = record.keys ?? ""
        if let thumbprint = record.secretThumbprint { oidc.clientSecret.value.thumbprint = thumbprint }
        if let webSignIn = record.webSignIn { oidc.webSsoConfig = .init(webSignIn) }
    }

    /// What is kept of the client's secret: nothing here signs in with it, so that a digest is enough to tell it from
    /// others.
    private func thumbprint() throws -> String? {
        let secret = oidc.clientSecret.value.plainText
        guard secret.utf8.count <= Self.longestText else {
            throw ServiceError.invalidArgument(
                "The client's secret has more than \(Self.longestText) bytes.",
                field: "\(Self.field).oidc.client_secret")
        }
        return secret.isEmpty ? nil : Data(SHA256.hash(data: Data(secret.utf8))).base64EncodedString()
    }

    /// Checks that signing in with a browser is described in full, or not at all.
    static func check(_ record: IdentityProviderRecord) throws {
        guard let webSignIn = record.webSignIn else { return }
        let field = "\(field).oidc.web_sso_config"
        guard webSignIn.responseType != "" else {
            throw ServiceError.invalidArgument("The response type is missing.", field: "\(field).response_type")
        }
        guard webSignIn.claims != "" else {
            throw ServiceError.invalidArgument(
                "The behaviour of assertion claims is missing.", field: "\(field).assertion_claims_behavior")
        }
        guard webSignIn.scopes.count <= maximumScopes,
            webSignIn.scopes.allSatisfy({ (1...longestText).contains($0.unicodeScalars.count) })
        else {
            throw ServiceError.invalidArgument(
                "At most \(maximumScopes) additional scopes are allowed, each of 1 to \(longestText) characters.",
                field: "\(field).additional_scopes")
        }
    }
}

extension IdentityProviderRecord.WebSignIn {
    /// Puts a part of what a client wrote into the description.
    mutating func apply(_ path: String, of config: Google_Iam_Admin_V1_WorkforcePoolProvider.Oidc.WebSsoConfig) {
        switch path {
        case "response_type":
            responseType =
                switch config.responseType {
                case .code: "CODE"
                case .idToken: "ID_TOKEN"
                case .unspecified, .UNRECOGNIZED: ""
                }
        case "assertion_claims_behavior":
            claims =
                switch config.assertionClaimsBehavior {
                case .onlyIDTokenClaims: "ONLY_ID_TOKEN_CLAIMS"
                case .mergeUserInfoOverIDTokenClaims: "MERGE_USER_INFO_OVER_ID_TOKEN_CLAIMS"
                case .unspecified, .UNRECOGNIZED: ""
                }
        default: scopes = config.additionalScopes
        }
    }
}

extension Google_Iam_Admin_V1_WorkforcePoolProvider.Oidc.WebSsoConfig {
    fileprivate init(_ webSignIn: IdentityProviderRecord.WebSignIn) {
        self.init()
        responseType = webSignIn.responseType == "CODE" ? .code : .idToken
        assertionClaimsBehavior =
            webSignIn.claims == "ONLY_ID_TOKEN_CLAIMS" ? .onlyIDTokenClaims : .mergeUserInfoOverIDTokenClaims
        additionalScopes = webSignIn.scopes
    }
}
