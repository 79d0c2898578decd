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
        return location(place.region, of: place.project)
    }

    @Sendable func list(_ request: Google_Cloud_Location_ListLocationsRequest, _ call: Call) async throws
        -> Google_Cloud_Location_ListLocationsResponse
    {
        let project = try await context.project(
            ResourcePath(request.name, like: "projects/*", field: "name").values[0])
        guard request.filter.isEmpty else {
            throw ServiceError.invalidArgument("Locations cannot be filtered.", field: "filter")
        }
        let paging = try Paging(
            size: request.pageSize, token: request.pageToken, boundTo: ["locations.list", project.id],
            cursor: Int.self)
        let rest = Region.all.dropFirst(max(0, paging.cursor ?? 0))
        let page = rest.prefix(paging.size)
        return try .with {
            $0.locations = page.map { location($0, of: project) }
            if page.count < rest.count { $0.nextPageToken = try paging.token(after: page.endIndex) }
        }
    }

    private func location(_ region: Region, of project: ProjectRecord) -> Google_Cloud_Location_Location {
        .with {
            $0.name = "projects/\(project.id)/locations/\(region.name)"
            $0.locationID = region.name
            $0.displayName = region.displayName
            $0.labels = ["cloud.googleapis.com/region": region.name]
        }
    }
}
