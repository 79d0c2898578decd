import FoundationEssentials

/// Who holds which role on one resource.
public struct Policy: Hashable, Sendable, Codable {
    /// The grants.
    public var bindings: [Binding]
    /// Changes with every write; what `setIamPolicy` compares. Empty for a policy that was never written.
    public var etag: Data

    /// Makes a policy; without arguments one that grants nothing and was never written.
    public init(bindings: [Binding] = [], etag: Data = Data()) {
        self.bindings = bindings
        self.etag = etag
    }
}

/// One role and those who hold it.
public struct Binding: Hashable, Sendable, Codable {
    /// `roles/batch.jobsEditor`.
    public var role: String
    /// `user:alice@example.com`, `serviceAccount:…`, `domain:…`, `allUsers` and so on, as they were written.
    public var members: [String]

    /// Makes a binding of its two parts.
    public init(role: String, members: [String]) {
        self.role = role
        self.members = members
    }
}
