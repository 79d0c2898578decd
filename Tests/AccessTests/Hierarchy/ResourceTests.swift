import Testing

@testable import Access

@Suite("A resource")
struct ResourceTests {
    @Test(
        "is read from its full name, and has that name",
        arguments: [
            ("//cloudresourcemanager.googleapis.com/organizations/1", Resource.organization("1")),
            ("//cloudresourcemanager.googleapis.com/folders/1", .folder("1")),
            ("//cloudresourcemanager.googleapis.com/projects/demo", .project("demo")),
            (
                "//iam.googleapis.com/projects/demo/serviceAccounts/a@b.cd",
                .serviceAccount(email: "a@b.cd", project: "demo")
            ),
            ("//run.googleapis.com/projects/demo/locations/l/jobs/etl", .job("etl", location: "l", project: "demo")),
            (
                "//artifactregistry.googleapis.com/projects/demo/locations/l/repositories/r",
                .repository("r", location: "l", project: "demo")
            ),
            ("//secretmanager.googleapis.com/projects/demo/secrets/s", .secret("s", project: "demo")),
            (
                "//iam.googleapis.com/projects/demo/locations/global/workloadIdentityPools/ci",
                .workloadIdentityPool("ci", project: "demo")
            ),
            ("//iam.googleapis.com/locations/global/workforcePools/staff", .workforcePool("staff")),
            (
                "//batch.googleapis.com/projects/demo/locations/l",
                .other(service: "batch.googleapis.com", path: "projects/demo/locations/l", project: "demo")
            ),
        ])
    func names(name: String, resource: Resource) {
        #expect(Resource(fullName: name) == resource)
        #expect(resource.fullName == name)
    }

    @Test(
        "is not read from other names",
        arguments: [
            "", "//", "projects/demo", "//cloudresourcemanager.googleapis.com", "//run.googleapis.com/jobs/etl",
            "//run.googleapis.com/projects/", "//run.googleapis.com/projects//locations", "//x/projects/demo",
            "//iam.googleapis.com/organizations/1", "//iam.googleapis.com/locations/eu/workforcePools/staff",
            "//iam.googleapis.com/locations/global/workforcePools/",
            "//run.googleapis.com/locations/global/workforcePools/staff",
        ])
    func noNames(name: String) {
        #expect(Resource(fullName: name) == nil)
    }

    @Test(
        "has the policy of what it lies in",
        arguments: [
            (
                "run.googleapis.com", "projects/p/locations/l/jobs/j/executions/e/tasks/t",
                Optional("projects/p/locations/l/jobs/j")
            ),
            (
                "artifactregistry.googleapis.com", "projects/p/locations/l/repositories/r/dockerImages/i",
                "projects/p/locations/l/repositories/r"
            ),
            ("secretmanager.googleapis.com", "projects/p/secrets/s/versions/1", "projects/p/secrets/s"),
            ("iam.googleapis.com", "projects/p/serviceAccounts/a@b.cd/keys/k", "projects/p/serviceAccounts/a@b.cd"),
            (
                "iam.googleapis.com", "projects/p/locations/global/workloadIdentityPools/ci/providers/x",
                "projects/p/locations/global/workloadIdentityPools/ci"
            ),
            ("iam.googleapis.com", "projects/p/locations/global", nil),
            ("run.googleapis.com", "projects/p/locations/l", nil),
            ("run.googleapis.com", "projects/p/locations/l/services/s/revisions/r", nil),
            ("batch.googleapis.com", "projects/p/locations/l/jobs/j/taskGroups/g", nil),
        ])
    func holder(service: String, path: String, holder: String?) {
        #expect(Resource(service: service, path: path)?.ownHolder?.path == holder)
    }
}
