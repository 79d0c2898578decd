import Access
import Directory
import Methods

/// Organization policies: what is forbidden on organizations, folders and projects whatever is granted there.
///
/// `orgpolicy.googleapis.com` v2, and the older methods of Resource Manager v1 over the same policies.
public enum OrgPolicyAPI {
    static let service = "orgpolicy.googleapis.com"

    /// The v2 API over a directory.
    public static func api(directory: Directory) -> API {
        API(
            service: service, title: "Organization Policy API", mustBeEnabled: false,
            methods: OrgPoliciesV2(policies: StoredPolicies(directory: directory)).methods)
    }

    /// The methods of Resource Manager v1.
    public static func resourceManagerMethods(directory: Directory) -> [any Method] {
        OrgPoliciesV1(policies: StoredPolicies(directory: directory)).methods
    }
}
