import Access
import Directory
import Methods
import Requests
import Schema

/// Lists the regions that jobs can be in (google.cloud.location.Locations).
struct LocationMethods: Sendable {
    let context: CloudRunContext

    var rows: [any Method] {
        [
            UnaryMethod(
                "google.cloud.location.Locations.ListLocations", .get("/v1/{name=projects/*}/locations"),
                .get("/v2/{name=projects/*}/locations"),
                access: .onRun("run.locations.list", "projects/*") { $0.name }, handler: list)
        ]
    }

    @Sendable func list(_ request: Google_Cloud_Location_ListLocationsRequest, _ call: Call) async throws
        -> Google_Cloud_Location_ListLocationsResponse
    {
        let project = try context.project(ResourcePath(request.name, like: "projects/*", field: "name").values[0])
        return try Region.locations(of: project, request)
    }
}
