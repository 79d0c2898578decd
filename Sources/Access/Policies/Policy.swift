import FoundationEssentials

/// Who holds which role on one resource.
public struct Policy: Hashable, Sendable, Codable {
    /// The grants.
    public var bindings: [Binding]
    /// Which reads and writes are logged.
    public var auditConfigs: [AuditConfig]
    /// Changes with every write; what `setIamPolicy` compares. Empty for a policy that was never written.
    public var etag: Data

    /// Makes a policy; without arguments one that grants nothing and was never written.
    public init(bindings: [Binding] = [], auditConfigs: [AuditConfig] = [], etag: Data = Data()) {
        self.bindings = bindings
        self.auditConfigs = auditConfigs
        self.etag = etag
    }

    /// Grants a role to a member, for always; nothing happens when it is granted already.
    public mutating func add(_ member: Member, to role: String) {
        guard let index = bindings.firstIndex(where: { $0.role == role && $0.condition == nil }) else {
            bindings.append(Binding(role: role, members: [member.text]))
            return
        }
        if !bindings[index].members.contains(member.text) { bindings[index].members.append(member.text) }
    }

    /// 3 when a binding has a condition, else 1: what an answer says.
    public var version: Int { bindings.contains { $0.condition != nil } ? 3 : 1 }
}

/// One role and those who hold it.
public struct Binding: Hashable, Sendable, Codable {
    /// `roles/batch.jobsEditor`.
    public var role: String
    /// `user:alice@example.com`, `serviceAccount:…`, `domain:…`, `allUsers` and so on; see `Member`.
    public var members: [String]
    /// When the grant holds; nil for always.
    public var condition: PolicyCondition?

    /// Makes a binding of its parts.
    public init(role: String, members: [String], condition: PolicyCondition? = nil) {
        self.role = role
        self.members = members
        self.condition = condition
    }
}

/// The condition of a binding, of a deny rule or of a rule of an organization policy, as it is written.
public struct PolicyCondition: Hashable, Sendable, Codable {
    /// In the Common Expression Language: `request.time < timestamp("2030-01-01T00:00:00Z")`.
    public var expression: String
    /// What it is for, in a few words.
    public var title: String
    /// What it is for, in more words; empty for none.
    public var description: String
    /// Where it was written, such as a file and line, for error messages; empty for nowhere.
    public var location: String

    /// Makes a condition of its parts.
    public init(_ expression: String, title: String, description: String = "", location: String = "") {
        self.expression = expression
        self.title = title
        self.description = description
        self.location = location
    }
}
