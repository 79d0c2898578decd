/// Something about a request or its resource that expressions ask for by name.
public enum Attribute: String, CaseIterable, Sendable {
    /// When the request came.
    case requestTime = "request.time"
    /// The path of the URL asked for.
    case requestPath = "request.path"
    /// The host asked for.
    case requestHost = "request.host"
    /// The access levels that the request meets.
    case accessLevels = "request.auth.access_levels"
    /// The resource's name without its service.
    case resourceName = "resource.name"
    /// The service and the kind of the resource.
    case resourceType = "resource.type"
    /// The service that the resource belongs to.
    case resourceService = "resource.service"
    /// The address that a tunnel leads to.
    case destinationIP = "destination.ip"
    /// The port that a tunnel leads to.
    case destinationPort = "destination.port"

    /// What its values are.
    var type: ValueType {
        switch self {
        case .requestTime: .timestamp
        case .destinationPort: .int
        case .accessLevels: .list(.string)
        default: .string
        }
    }
}
