import Access
import Methods
import Store

/// The organizations and projects that a caller may see.
struct VisibleDirectory: Sendable {
    /// Projects that are read from the store at a time.
    private static let readSize = 200

    let store: any DirectoryStore

    /// A page of projects.
    struct Page {
        var projects: [ProjectRecord] = []
        /// The last project of this page, when there are more.
        var last: String?
    }

    /// The project that a request names, after its row has checked access.
    ///
    /// - Throws: the refusal that callers without access get, which tells nothing about what exists.
    func project(_ idOrNumber: String, for call: Call) async throws -> ProjectRecord {
        if let project = try await store.project(idOrNumber) { return project }
        throw ResourceManagerAPI.denied(
            Denial(
                principal: try call.principal(), permission: "resourcemanager.projects.get",
                resource: .project(idOrNumber)))
    }

    /// The organization that a request names, after its row has checked access.
    ///
    /// - Throws: the refusal that callers without access get, which tells nothing about what exists.
    func organization(_ number: String, for call: Call) async throws -> OrganizationRecord {
        if let organization = try await store.organization(number: number) { return organization }
        throw ResourceManagerAPI.denied(
            Denial(
                principal: try call.principal(), permission: "resourcemanager.organizations.get",
                resource: .organization(number)))
    }

    /// The organizations that the caller may get.
    func organizations(for call: Call) async throws -> [OrganizationRecord] {
        var visible: [OrganizationRecord] = []
        for organization in try await store.organizations() {
            let decision = try await call.gatekeeper.decide(
                call.principal(), "resourcemanager.organizations.get", on: .organization(organization.number))
            if decision.isAllowed { visible.append(organization) }
        }
        return visible
    }

    /// The projects that the caller may get and that `isWanted` takes, by id.
    func projects(
        after last: String?, limit: Int, for call: Call, where isWanted: (ProjectRecord) -> Bool
    ) async throws -> Page {
        var page = Page()
        var cursor = last
        while true {
            let candidates = try await store.projects(after: cursor, limit: Self.readSize)
            for project in candidates where isWanted(project) {
                let decision = try await call.gatekeeper.decide(
                    call.principal(), "resourcemanager.projects.get", on: .project(project.id))
                guard decision.isAllowed else { continue }
                guard page.projects.count < limit else {
                    page.last = page.projects.last?.id
                    return page
                }
                page.projects.append(project)
            }
            guard candidates.count == Self.readSize else { return page }
            cursor = candidates.last?.id
        }
    }
}
