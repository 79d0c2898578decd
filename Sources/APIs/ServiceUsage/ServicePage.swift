import Methods
import Schema

/// A page of the services of a project.
struct ServicePage {
    /// The services on the page, by name.
    let names: [String]
    /// Empty on the last page.
    let nextToken: String

    /// - Throws: `INVALID_ARGUMENT` for a filter, a size or a token that is not right.
    init(_ request: Google_Api_Serviceusage_V1_ListServicesRequest, of services: ProjectServices) throws {
        let scope = ["v1.services", request.parent, request.filter]
        let last = try PageToken.read(request.pageToken, scope: scope) ?? ""
        let size = try PageSize.read(request.pageSize, default: 50, maximum: 200)
        let state = try Self.state(request.filter)
        let rest = KnownServices.names.filter { name in
            name > last && (state == nil || services.enabled.contains(name) == state)
        }
        names = Array(rest.prefix(size))
        nextToken = rest.count > size ? try names.last.map { try PageToken.make(after: $0, scope: scope) } ?? "" : ""
    }

    /// Whether a filter asks for enabled or for disabled services; nil for both.
    private static func state(_ filter: String) throws -> Bool? {
        switch filter.filter({ !" ()".contains($0) }) {
        case "": nil
        case "state:ENABLED", "state=ENABLED": true
        case "state:DISABLED", "state=DISABLED": false
        default:
            throw ServiceError.invalidArgument(
                "The filter must be state:ENABLED or state:DISABLED.", field: "filter")
        }
    }
}
