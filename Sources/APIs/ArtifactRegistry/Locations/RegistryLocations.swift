import Access
import Directory
import Methods
import Requests
import Schema

/// Where repositories can be (google.cloud.location.Locations).
struct RegistryLocations: Sendable {
    let repositories: Repositories

    /// `gcloud artifacts locations list` and `repositories list` ask in the version of the API before this.
    var methods: [any Method] { [get, list] }

    private var get: any Method {
        UnaryMethod<Google_Cloud_Location_GetLocationRequest, Google_Cloud_Location_Location>(
            "google.cloud.location.Locations.GetLocation", .get("/v1/{name=projects/*/locations/*}"),
            .get("/v1beta2/{name=projects/*/locations/*}"),
            access: .permission(
                "artifactregistry.locations.get", on: { try LocationName($0.name, field: "name").resource })
        ) { request, _ in
            let place = try LocationName(request.name, field: "name")
            let project = try repositories.project(place, in: repositories.directory.state)
            return Self.location(place.location, of: project)
        }
    }

    private var list: any Method {
        UnaryMethod<Google_Cloud_Location_ListLocationsRequest, Google_Cloud_Location_ListLocationsResponse>(
            "google.cloud.location.Locations.ListLocations", .get("/v1/{name=projects/*}/locations"),
            .get("/v1beta2/{name=projects/*}/locations"),
            access: .permission("artifactregistry.locations.list", on: { try Self.project($0.name) })
        ) { request, _ in
            try Unsupported.check(filter: request.filter)
            guard let project = repositories.directory.state.project(try Self.project(request.name).project ?? "")
            else { throw ServiceError.notFound("\(request.name.prefix(100)) was not found.") }
            let page = try ListPage(
                RegistryHosts.locations, by: \.self, size: request.pageSize, default: 100, maximum: 1_000,
                token: request.pageToken, scope: [request.name])
            return .with {
                $0.locations = page.items.map { Self.location($0, of: project) }
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private static func project(_ name: String) throws -> Resource {
        let project = try ResourcePath(name, like: "projects/*", field: "name").values[0]
        return .other(service: ArtifactRegistryAPI.service, path: name, project: project)
    }

    private static func location(_ id: String, of project: ProjectRecord) -> Google_Cloud_Location_Location {
        .with {
            $0.name = "projects/\(project.id)/locations/\(id)"
            $0.locationID = id
        }
    }
}
