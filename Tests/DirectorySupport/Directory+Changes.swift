import Access
import Directory
import FoundationEssentials

// What tests change by the way.

extension Directory {
    /// A directory in memory with the organization 987654321098 of example.com.
    public static func ofExample(_ store: MemoryRecords = MemoryRecords()) async throws -> Directory {
        let directory = try Directory(store)
        let organization = OrganizationRecord(number: "987654321098", domain: "example.com", createdAt: Date())
        try await directory.change { try $0.put(organization) }
        return directory
    }

    /// Adds a project of the organization 987654321098.
    @discardableResult
    public func addProject(_ id: String, number: String) async throws -> ProjectRecord {
        let project = ProjectRecord(
            id: id, number: number, displayName: "Name of \(id)", parent: .organization("987654321098"),
            createdAt: Date())
        try await change { try $0.put(project) }
        return project
    }

    /// Replaces the bindings of a policy.
    @discardableResult
    public func setBindings(_ bindings: [Binding], of resource: Resource) async throws -> Policy {
        try await change { try $0.setPolicy(Policy(bindings: bindings), of: resource) }
    }

    /// Adds a binding to a policy.
    public func grant(_ role: String, to member: String, on resource: Resource = .project("demo")) async throws {
        try await change { draft in
            var policy = draft.state.policy(of: resource)
            policy.bindings.append(Binding(role: role, members: [member]))
            try draft.setPolicy(policy, of: resource)
        }
    }

    /// Marks a project for deletion, or takes it up again.
    public func setDeleted(_ isDeleted: Bool, project id: String = "demo") async throws {
        try await change { draft in
            guard var project = draft.state.projects[id] else { return }
            project.deletedAt = isDeleted ? Date() : nil
            try draft.put(project)
        }
    }

    /// Decides as of now.
    public func decide(_ principal: Principal, _ permission: Permission, on resource: Resource) -> Decision {
        decide(principal, permission, on: resource, in: RequestContext(time: Date()))
    }
}
