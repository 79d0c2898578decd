/// Something about a request or its resource that expressions ask for by name.
public enum Attribute: String, CaseIterable, Sendable {
    case requestTime = "request.time"
    case requestPath = "request.path"
    case requestHost = "request.host"
    case accessLevels = "request.auth.access_levels"
    case resourceName = "resource.name"
    case resourceType = "resource.type"
    case resourceService = "resource.service"
    case destinationIP = "destination.ip"
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

extension Attribute {
    /// The attributes that a service tells of its resources and requests, besides tags.
    ///
    /// Cloud Run, Batch and service accounts tell only the time.
    ///
    /// - Parameter service: `run.googleapis.com`.
    public static func provided(by service: String) -> Set<Attribute> {
        byService[service] ?? [.requestTime]
    }

    /// From the attribute reference of IAM conditions: the services that say more than the time, of those that
    /// resources here can belong to or that people name in policies.
    private static let byService: [String: Set<Attribute>] = {
        let complete: Set<Attribute> = [.requestTime, .resourceService, .resourceType, .resourceName]
        let services = [
            "bigquery.googleapis.com", "cloudkms.googleapis.com", "compute.googleapis.com", "container.googleapis.com",
            "logging.googleapis.com", "pubsublite.googleapis.com", "secretmanager.googleapis.com",
            "spanner.googleapis.com", "sqladmin.googleapis.com", "storage.googleapis.com",
        ]
        var table = Dictionary(uniqueKeysWithValues: services.map { ($0, complete) })
        table["cloudresourcemanager.googleapis.com"] = [.requestTime, .resourceService, .resourceType]
        table["iap.googleapis.com"] = [
            .requestTime, .resourceService, .resourceType, .requestPath, .requestHost, .accessLevels, .destinationIP,
            .destinationPort,
        ]
        return table
    }()
}
