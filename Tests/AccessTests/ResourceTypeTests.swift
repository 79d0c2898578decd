import Testing

@testable import Access

@Suite("The type of a resource")
struct ResourceTypeTests {
    @Test(
        "is read from its full name",
        arguments: [
            ("//cloudresourcemanager.googleapis.com/projects/demo", .project),
            ("//cloudresourcemanager.googleapis.com/organizations/1", .organization),
            ("//cloudresourcemanager.googleapis.com/folders/1", .folder),
            ("//127.0.0.1:8787/projects/demo", .project),
            ("//iam.googleapis.com/projects/demo/serviceAccounts/sa1%40demo.iam.gserviceaccount.com", .serviceAccount),
            ("//run.googleapis.com/projects/demo/locations/us-central1/jobs/etl", .job),
            ("//run.googleapis.com/projects/demo/locations/us-central1/services/web", .service),
            ("//artifactregistry.googleapis.com/projects/demo/locations/us/repositories/r", .repository),
            ("//secretmanager.googleapis.com/projects/demo/secrets/s", .secret),
            ("//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci", .workloadIdentityPool),
            ("//batch.googleapis.com/projects/demo/locations/us-central1/jobs/etl", nil),
            ("//cloudresourcemanager.googleapis.com/projects/", nil), ("//projects/demo", nil), ("projects/demo", nil),
            ("//cloudresourcemanager.googleapis.com/projects/demo/things", nil), ("", nil), ("//", nil),
            ("//cloudresourcemanager.googleapis.com//demo", nil),
        ] as [(String, ResourceType?)])
    func fullName(name: String, type: ResourceType?) {
        #expect(ResourceType(fullName: name) == type)
    }
}
