extension Resource {
    /// What it takes to read its allow policy; nil for what has none of its own.
    public var policyReading: Permission? {
        switch self {
        case .organization: "resourcemanager.organizations.getIamPolicy"
        case .folder: "resourcemanager.folders.getIamPolicy"
        case .project: "resourcemanager.projects.getIamPolicy"
        case .serviceAccount: "iam.serviceAccounts.getIamPolicy"
        case .workloadIdentityPool: "iam.googleapis.com/workloadIdentityPools.getIamPolicy"
        case .workforcePool: "iam.googleapis.com/workforcePools.getIamPolicy"
        case .job: "run.jobs.getIamPolicy"
        case .repository: "artifactregistry.repositories.getIamPolicy"
        case .secret: "secretmanager.secrets.getIamPolicy"
        case .other: nil
        }
    }
}
