/// Which service tells what of its resources and requests (the attribute reference of IAM conditions). Tags and the time
/// are known of all.
enum ServiceAttributes {
    /// The attributes that a service provides. Batch and service accounts have the time only.
    static func provided(by service: String) -> Set<Attribute> { byService[service] ?? [.requestTime] }

    /// Whether `resource.service` can be a service at all.
    static func isKnown(_ service: String) -> Bool {
        byService[service]?.contains(.resourceService) == true
    }

    /// Whether a service tells conditions which roles a change of a policy grants and revokes.
    ///
    /// Where one does not, conditions that limit the granting of roles let nothing be granted.
    static func tellsModifiedGrants(_ service: String) -> Bool { tellingModifiedGrants.contains(service) }

    private static let complete: Set<Attribute> = [.requestTime, .resourceService, .resourceType, .resourceName]

    private static let byService: [String: Set<Attribute>] = {
        let services = [
            "apigee", "apihub", "bigquery", "bigqueryreservation", "bigtableadmin", "binaryauthorization", "cloudkms",
            "compute", "connectors", "container", "dataform", "dns", "firestore", "integrations", "logging",
            "managedkafka", "networksecurity", "parametermanager", "pubsublite", "secretmanager", "spanner", "sqladmin",
            "storage",
        ]
        var table = Dictionary(uniqueKeysWithValues: services.map { ("\($0).googleapis.com", complete) })
        table["backupdr.googleapis.com"] = [.requestTime, .resourceService, .resourceName]
        table["clouddeploy.googleapis.com"] = [.requestTime, .resourceService, .resourceName]
        table["cloudresourcemanager.googleapis.com"] = [.requestTime, .resourceService, .resourceType]
        table["run.googleapis.com"] = [.requestTime, .requestPath, .requestHost]
        table["iap.googleapis.com"] = [
            .requestTime, .resourceService, .resourceType, .requestPath, .requestHost, .accessLevels, .destinationIP,
            .destinationPort,
        ]
        return table
    }()

    private static let tellingModifiedGrants: Set<String> = [
        "cloudfunctions.googleapis.com", "cloudkms.googleapis.com", "cloudresourcemanager.googleapis.com",
        "compute.googleapis.com", "containeranalysis.googleapis.com", "healthcare.googleapis.com",
        "iam.googleapis.com", "iap.googleapis.com", "privateca.googleapis.com", "run.googleapis.com",
        "secretmanager.googleapis.com", "servicemanagement.googleapis.com", "storage.googleapis.com",
    ]
}
