import Conditions

extension Attributes {
    /// A request at 23:31:30 UTC on a Friday in February, of which all but the host is known.
    static let sample: Attributes = {
        var request = Attributes(requestTime: Timestamp("2009-02-13T23:31:30.123456789Z"))
        request.resourceService = "secretmanager.googleapis.com"
        request.resourceType = "secretmanager.googleapis.com/Secret"
        request.resourceName = "projects/123/secrets/prod-key"
        request.requestPath = "/admin/payroll"
        request.accessLevels = ["accessPolicies/1/accessLevels/office"]
        request.destinationIP = "10.0.0.2"
        request.destinationPort = 22
        request.tags = [
            Tag(key: "987/env", value: "prod", keyID: "tagKeys/1", valueID: "tagValues/11"),
            Tag(key: "987/team", value: "etl", keyID: "tagKeys/2", valueID: "tagValues/22"),
        ]
        request.api = [
            APIAttribute.modifiedGrantsByRole: .strings(["roles/batch.jobsEditor", "roles/run.invoker"]),
            "storage.googleapis.com/objectListPrefix": .string("logs/"),
        ]
        return request
    }()
}

extension Condition {
    /// What an expression is for the sample request.
    static func outcome(_ expression: String) throws -> Outcome {
        try Condition(expression).evaluate(for: .sample)
    }
}
