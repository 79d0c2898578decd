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
        guard request.filter.isEmpty else {
            throw ServiceError.invalidArgument("Locations cannot be filtered.", field: "filter")
        }
        let paging = try Paging(
            size: request.pageSize, token: request.pageToken, boundTo: ["run.locations.list", project.id],
            cursor: Int.self)
        let rest = Region.all.dropFirst(max(0, paging.cursor ?? 0))
        let page = rest.prefix(paging.size)
        return try .with {
            $0.locations = page.map { region in
                .with {
                    $0.name = "projects/\(project.id)/locations/\(region.name)"
                    $0.locationID = region.name
                    $0.displayName = region.displayName
                    $0.labels = ["cloud.googleapis.com/region": region.name]
                }
            }
            if page.count < rest.count { $0.nextPageToken = try paging.token(after: page.endIndex) }
        }
    }
}
