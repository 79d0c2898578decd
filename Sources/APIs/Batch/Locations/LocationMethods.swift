import Directory
import Methods
import Requests
import Schema

/// Lists the regions that jobs can be submitted to (google.cloud.location.Locations).
struct LocationMethods: Sendable {
    let context: BatchContext

    var rows: [any Method] {
        [
            UnaryMethod(
                "google.cloud.location.Locations.GetLocation", .get("/v1/{name=projects/*/locations/*}"),
                access: .inLocation("batch.locations.get", "name") { $0.name }, handler: get),
            UnaryMethod(
                "google.cloud.location.Locations.ListLocations", .get("/v1/{name=projects/*}/locations"),
                access: .permission("batch.locations.list") { request in
                    let project = try ResourcePath(request.name, like: "projects/*", field: "name").values[0]
                    return .other(service: BatchAPI.service, path: request.name, project: project)
                },
                handler: list),
        ]
    }

    @Sendable func get(_ request: Google_Cloud_Location_GetLocationRequest, _ call: Call) async throws
        -> Google_Cloud_Location_Location
    {
        let path = try ResourcePath(request.name, like: "projects/*/locations/*", field: "name").values
        let place = try await context.place(project: path[0], location: path[1])
        return place.region.location(of: place.project)
    }

    @Sendable func list(_ request: Google_Cloud_Location_ListLocationsRequest, _ call: Call) async throws
        -> Google_Cloud_Location_ListLocationsResponse
    {
        let project = try await context.project(
            ResourcePath(request.name, like: "projects/*", field: "name").values[0])
        return try Region.locations(of: project, request)
    }
}
