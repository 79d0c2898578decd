/// What audit entries call a method.
enum MethodName {
    /// Services whose entries name a method in a way of their own: the beginning of its full name, and what they write
    /// for it. Filters and alarms that people have go by these names.
    private static let exceptions = [
        ("google.cloud.resourcemanager.v1.Projects.", ""), ("google.cloud.resourcemanager.v1.Organizations.", ""),
        ("google.iam.admin.v1.IAM.", "google.iam.admin.v1."), ("google.iam.credentials.v1.IAMCredentials.", ""),
    ]

    /// The name for the method of a full name such as `google.cloud.batch.v1.BatchService.CreateJob`.
    static func audited(_ method: String) -> String {
        for (prefix, replacement) in exceptions where method.hasPrefix(prefix) {
            return replacement + method.dropFirst(prefix.count)
        }
        return method
    }
}
