import Access
import Methods
import Schema
import SwiftProtobuf
import Testing

@testable import Batch

@Suite("The table of methods")
struct MethodTableTests {
    @Test(
        "Every method stands where Google's does",
        arguments: [
            ("google.cloud.batch.v1.BatchService.CreateJob", "POST /v1/{parent=projects/*/locations/*}/jobs body=job"),
            ("google.cloud.batch.v1.BatchService.GetJob", "GET /v1/{name=projects/*/locations/*/jobs/*}"),
            ("google.cloud.batch.v1.BatchService.ListJobs", "GET /v1/{parent=projects/*/locations/*}/jobs"),
            ("google.cloud.batch.v1.BatchService.DeleteJob", "DELETE /v1/{name=projects/*/locations/*/jobs/*}"),
            (
                "google.cloud.batch.v1.BatchService.CancelJob",
                "POST /v1/{name=projects/*/locations/*/jobs/*}:cancel body=*"
            ),
            (
                "google.cloud.batch.v1.BatchService.GetTask",
                "GET /v1/{name=projects/*/locations/*/jobs/*/taskGroups/*/tasks/*}"
            ),
            (
                "google.cloud.batch.v1.BatchService.ListTasks",
                "GET /v1/{parent=projects/*/locations/*/jobs/*/taskGroups/*}/tasks"
            ),
            ("google.longrunning.Operations.GetOperation", "GET /v1/{name=projects/*/locations/*/operations/*}"),
            ("google.longrunning.Operations.ListOperations", "GET /v1/{name=projects/*/locations/*}/operations"),
            ("google.longrunning.Operations.DeleteOperation", "DELETE /v1/{name=projects/*/locations/*/operations/*}"),
            (
                "google.longrunning.Operations.CancelOperation",
                "POST /v1/{name=projects/*/locations/*/operations/*}:cancel body=*"
            ),
            ("google.cloud.location.Locations.GetLocation", "GET /v1/{name=projects/*/locations/*}"),
            ("google.cloud.location.Locations.ListLocations", "GET /v1/{name=projects/*}/locations"),
        ])
    func routes(_ name: String, _ rule: String) throws {
        let method = try #require(World().api.methods.first { $0.name == name })
        let rules = method.http.map { rule in
            "\(rule.verb.rawValue) \(rule.template)" + (rule.body.map { " body=\($0)" } ?? "")
        }
        #expect(rules == [rule])
        #expect(World().api.methods.count == 13)
    }

    @Test(
        "Each permission is checked in the project, before anything else is looked at",
        arguments: [
            ("batch.jobs.get", "GetJob", "jobs/none"), ("batch.jobs.delete", "DeleteJob", "jobs/none"),
            ("batch.jobs.delete", "CancelJob", "jobs/none"),
        ])
    func jobPermissions(_ permission: String, _ method: String, _ path: String) async throws {
        var world = World()
        world.gatekeeper.granted.remove(Permission(permission))
        let denied = world
        let name = "google.cloud.batch.v1.BatchService.\(method)"
        let full = "\(World.parent)/\(path)"
        let error = await #expect(throws: ServiceError.self) {
            switch method {
            case "GetJob":
                _ = try await denied.call(
                    name, Google_Cloud_Batch_V1_GetJobRequest.with { $0.name = full }, as: Wire.Job.self)
            case "DeleteJob":
                _ = try await denied.call(
                    name, Google_Cloud_Batch_V1_DeleteJobRequest.with { $0.name = full }, as: Wire.Operation.self)
            default:
                _ = try await denied.call(
                    name, Google_Cloud_Batch_V1_CancelJobRequest.with { $0.name = full }, as: Wire.Operation.self)
            }
        }
        #expect(error?.code == .permissionDenied)
        #expect(
            error?.message == "Permission '\(permission)' denied on resource "
                + "'//batch.googleapis.com/projects/demo/locations/us-central1' (or it may not exist).")
    }

    @Test(
        "A name that does not look like one is refused with its field",
        arguments: [
            "", "projects/demo", "projects/demo/locations/us-central1/jobs", "projects//locations/us-central1/jobs/a",
            "projects/demo/locations/us-central1/jobs/a/b", "projects/demo/locations/us-central1/jobs/a\0",
            "folders/demo/locations/us-central1/jobs/a",
        ])
    func names(_ name: String) async throws {
        let error = await #expect(throws: ServiceError.self) { try await World().get(name) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.fields == ["name"])
    }
}

@Suite("Locations")
struct LocationTests {
    private func list(size: Int32 = 0, token: String = "") async throws
        -> Google_Cloud_Location_ListLocationsResponse
    {
        try await World().call(
            "google.cloud.location.Locations.ListLocations",
            Google_Cloud_Location_ListLocationsRequest.with {
                $0.name = "projects/123456789012"
                $0.pageSize = size
                $0.pageToken = token
            }, as: Google_Cloud_Location_ListLocationsResponse.self)
    }

    @Test("All regions are listed, page by page")
    func listing() async throws {
        let all = try await list()
        #expect(all.locations.contains { $0.name == "projects/demo/locations/us-central1" })
        #expect(Set(all.locations.map(\.locationID)).count == all.locations.count)
        let first = try await list(size: 30)
        let second = try await list(size: 30, token: first.nextPageToken)
        #expect(first.locations + second.locations == all.locations)
        #expect(second.nextPageToken.isEmpty)
    }

    @Test("One region is read by its name")
    func single() async throws {
        func get(_ name: String) async throws -> Google_Cloud_Location_Location {
            try await World().call(
                "google.cloud.location.Locations.GetLocation",
                Google_Cloud_Location_GetLocationRequest.with { $0.name = "projects/demo/locations/\(name)" },
                as: Google_Cloud_Location_Location.self)
        }
        let iowa = try await get("us-central1")
        #expect(iowa.displayName == "Iowa")
        #expect(iowa.labels == ["cloud.googleapis.com/region": "us-central1"])
        let error = await #expect(throws: ServiceError.self) { try await get("mars-north1") }
        #expect(error?.code == .notFound)
    }
}
