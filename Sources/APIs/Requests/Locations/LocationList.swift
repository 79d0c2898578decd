import Directory
import Methods
import Schema

extension Region {
    /// The region as a location of a project.
    public func location(of project: ProjectRecord) -> Google_Cloud_Location_Location {
        .with {
            $0.name = "projects/\(project.id)/locations/\(name)"
            $0.locationID = name
            $0.displayName = displayName
            $0.labels = ["cloud.googleapis.com/region": name]
        }
    }

    /// A page of all regions.
    ///
    /// - Throws: `INVALID_ARGUMENT` for a filter, and for a wrong page.
    public static func locations(
        of project: ProjectRecord, _ request: Google_Cloud_Location_ListLocationsRequest
    ) throws -> Google_Cloud_Location_ListLocationsResponse {
        guard request.filter.isEmpty else {
            throw ServiceError.invalidArgument("Locations cannot be filtered.", field: "filter")
        }
        let paging = try Paging(
            size: request.pageSize, token: request.pageToken, boundTo: ["locations.list", project.id],
            cursor: Int.self)
        let rest = all.dropFirst(max(0, paging.cursor ?? 0))
        let page = rest.prefix(paging.size)
        return try .with {
            $0.locations = page.map { $0.location(of: project) }
            if page.count < rest.count { $0.nextPageToken = try paging.token(after: page.endIndex) }
        }
    }
}
