/// The services that a project can enable, by name, with what people call them.
public enum KnownServices {
    /// What people call a service: `Batch API`; nil for one that is not known.
    public static func title(of service: String) -> String? { titles[service] }

    /// The names of all services, sorted.
    static let names = titles.keys.sorted()

    /// Those that Landfall serves, and those that pipelines written for Google Cloud enable beside them: to enable
    /// one that Landfall does not serve is harmless and changes nothing.
    private static let titles = [
        "artifactregistry.googleapis.com": "Artifact Registry API",
        "batch.googleapis.com": "Batch API",
        "bigquery.googleapis.com": "BigQuery API",
        "cloudapis.googleapis.com": "Google Cloud APIs",
        "cloudbuild.googleapis.com": "Cloud Build API",
        "cloudkms.googleapis.com": "Cloud Key Management Service (KMS) API",
        "cloudresourcemanager.googleapis.com": "Cloud Resource Manager API",
        "cloudscheduler.googleapis.com": "Cloud Scheduler API",
        "compute.googleapis.com": "Compute Engine API",
        "container.googleapis.com": "Kubernetes Engine API",
        "containerregistry.googleapis.com": "Container Registry API",
        "eventarc.googleapis.com": "Eventarc API",
        "file.googleapis.com": "Cloud Filestore API",
        "iam.googleapis.com": "Identity and Access Management (IAM) API",
        "iamcredentials.googleapis.com": "IAM Service Account Credentials API",
        "logging.googleapis.com": "Cloud Logging API",
        "monitoring.googleapis.com": "Cloud Monitoring API",
        "orgpolicy.googleapis.com": "Organization Policy API",
        "oslogin.googleapis.com": "Cloud OS Login API",
        "policytroubleshooter.googleapis.com": "Policy Troubleshooter API",
        "pubsub.googleapis.com": "Cloud Pub/Sub API",
        "recommender.googleapis.com": "Recommender API",
        "run.googleapis.com": "Cloud Run Admin API",
        "secretmanager.googleapis.com": "Secret Manager API",
        "serviceusage.googleapis.com": "Service Usage API",
        "storage.googleapis.com": "Cloud Storage API",
        "sts.googleapis.com": "Security Token Service API",
        "workflows.googleapis.com": "Workflows API",
    ]
}
