import Access
import Directory
import Methods

/// Deny policies: what principals may not do on an organization, a folder or a project, whatever they are granted.
/// `google.iam.v2.Policies`, on the host of IAM.
public enum DenyPoliciesAPI {
    static let service = "iam.googleapis.com"

    /// The methods over a directory; part of the API of `iam.googleapis.com`.
    public static func methods(directory: Directory) -> [any Method] {
        let stored = StoredDenyPolicies(directory: directory)
        return DenyPolicyMethods(stored: stored).methods + [DenyPolicyOperations(stored: stored).get]
    }
}
