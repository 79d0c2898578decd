import Access
import Directory
import Methods
import PolicyAPI
import Secrets

/// Secrets with their versions: `google.cloud.secretmanager.v1.SecretManagerService`.
public enum SecretManagerAPI {
    static let service = "secretmanager.googleapis.com"
    static let name = "google.cloud.secretmanager.v1.SecretManagerService"

    /// The API over some secrets.
    public static func api(_ secrets: StoredSecrets) -> API {
        let policies = PolicyMethods(directory: secrets.directory, service: service, mustBeEnabled: true)
        let rows = PolicyMethods.Rows(
            name, at: "/v1/{resource=projects/*/secrets/*}", reading: .get, permissions: "secretmanager.secrets",
            resource: { try SecretName($0, field: "resource").secret })
        return API(
            service: service, title: "Secret Manager API",
            methods: SecretMethods(secrets: secrets).methods + VersionMethods(secrets: secrets).methods
                + policies.methods(rows))
    }
}
