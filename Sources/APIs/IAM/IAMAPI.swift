import Access
import DenyPolicies
import Directory
import Identity
import IdentityPoolsAPI
import Methods
import PolicyAPI

/// Identity and Access Management, v1: service accounts and their keys, roles, what can be asked about them, and pools of
/// identities; and the deny policies of v2.
public enum IAMAPI {
    /// The name that it is enabled by, and its host.
    public static let service = "iam.googleapis.com"
    static let name = "google.iam.admin.v1.IAM"

    /// The API over a directory.
    ///
    /// - Parameters:
    ///   - directory: the accounts, the public halves of their keys, roles and policies.
    ///   - systemKeys: the keys that are held for the accounts, of which lists show the public halves.
    ///   - universe: the domain that the APIs have beside Google's.
    ///   - auditableServices: the services whose calls leave audit entries besides this one's, such as
    ///     `batch.googleapis.com`.
    public static func api(
        directory: Directory, systemKeys: SystemKeys, universe: String, auditableServices: [String]
    ) -> API {
        let policies = PolicyMethods(directory: directory, service: service, mustBeEnabled: true)
        return API(
            service: service, title: "Identity and Access Management (IAM) API",
            methods: ServiceAccountMethods(directory: directory).methods
                + KeyMethods(directory: directory, systemKeys: systemKeys, universe: universe).methods
                + RoleMethods(directory: directory).methods
                + RoleQueries(directory: directory, auditableServices: (auditableServices + [service]).sorted()).methods
                + PolicyLint.methods + policies.methods(accountPolicies)
                + IdentityPoolsAPI.methods(directory: directory) + DenyPoliciesAPI.methods(directory: directory))
    }

    private static let accountPolicies = PolicyMethods.Rows(
        name, at: "/v1/{resource=projects/*/serviceAccounts/*}", reading: .postWithoutBody,
        permissions: "iam.serviceAccounts", resource: { try AccountName($0, field: "resource").resource },
        absent: { .noAccount($0) })
}
