import Directory
import Methods
import Schema

extension Google_Iam_V1_WorkloadIdentityPoolProvider: ProviderMessage {
    static var family: PoolFamily { .workload }
    static var oidcPaths: [String] { ["oidc.issuer_uri", "oidc.allowed_audiences", "oidc.jwks_json"] }

    func checkSupport() throws {
        switch providerConfig {
        case .aws?: throw Self.unsupported("Providers of AWS", field: "aws")
        case .saml?: throw Self.unsupported("Providers of SAML", field: "saml")
        case .oidc?, nil: break
        }
    }

    func applyOIDC(_ path: String, to record: inout IdentityProviderRecord) {
        switch path {
        case "oidc.issuer_uri": record.issuer = oidc.issuerUri
        case "oidc.allowed_audiences": record.audiences = oidc.allowedAudiences
        default: record.keys = oidc.jwksJson.isEmpty ? nil : oidc.jwksJson
        }
    }

    static func check(_ record: IdentityProviderRecord) {}

    mutating func complete(_ record: IdentityProviderRecord) {
        state = record.deletedAt == nil ? .active : .deleted
        oidc = .with {
            $0.issuerUri = record.issuer
            $0.allowedAudiences = record.audiences
            $0.jwksJson = record.keys ?? ""
        }
    }
}
