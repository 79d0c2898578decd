import Directory
import Methods
import PolicyAPI

/// Pools of identities that issuers outside vouch for, and their providers: `google.iam.v1.WorkloadIdentityPools` and
/// `google.iam.admin.v1.WorkforcePools`, on the host of IAM.
public enum IdentityPoolsAPI {
    static let service = "iam.googleapis.com"

    /// The methods over a directory; part of the API of `iam.googleapis.com`.
    public static func methods(directory: Directory) -> [any Method] {
        let policies = PolicyMethods(directory: directory, service: service, mustBeEnabled: true)
        return WorkloadPoolMethods(directory: directory).methods
            + WorkloadProviderMethods(directory: directory).methods
            + WorkforcePoolMethods(directory: directory).methods
            + WorkforceProviderMethods(directory: directory).methods
            + SubjectMethods(directory: directory).methods
            + PoolOperations(directory: directory).methods
            + policies.methods(PoolFamily.workload.policyRows) + policies.methods(PoolFamily.workforce.policyRows)
    }
}
