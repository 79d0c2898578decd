/// A named set of permissions that can be granted.
public struct Role: Hashable, Sendable {
    /// `roles/batch.jobsEditor`.
    public let name: String
    /// `Batch Job Editor`.
    public let title: String
    /// How many permissions the role has on all of Google Cloud: how much a grant of it gives.
    public let size: Int
    /// Its permissions for the services that Landfall has.
    public let permissions: Set<Permission>
    /// What it can be granted on.
    public let grantableOn: Set<Resource.Kind>
}
