import Access
import Directory
import Methods

/// The organizations and projects that a caller may see.
struct VisibleDirectory: Sendable {
    let directory: Directory

    /// Everything as it is now.
    var state: DirectoryState { directory.state }

    /// A page of projects.
    struct Page {
        var projects: [ProjectRecord] = []
        /// The last project of this page, when there are more.
        var last: String?
    }

    /// The project that a request names, after its row has checked access.
    ///
    /// - Throws: the refusal that callers without access get, which tells nothing about what exists.
    func project(_ idOrNumber: String, for call: Call) throws -> ProjectRecord {
        if let project = state.project(idOrNumber) { return project }
        throw ResourceManagerAPI.denied(
            Denial(
                principal: try call.principal(), permission: "resourcemanager.projects.get",
                resource: .project(idOrNumber)))
    }

    /// The organization that a request names, after its row has checked access.
    ///
    /// - Throws: the refusal that callers without access get, which tells nothing about what exists.
    func organization(_ number: String, for call: Call) throws -> OrganizationRecord {
        if let organization = state.organizations[number] { return organization }
        throw ResourceManagerAPI.denied(
            Denial(
                principal: try call.principal(), permission: "resourcemanager.organizations.get",
                resource: .organization(number)))
    }

    /// The organizations that the caller may get.
    func organizations(for call: Call) async throws -> [OrganizationRecord] {
        var visible: [OrganizationRecord] = []
        for organization in state.organizations.sorted
        where try await call.mayUse("resourcemanager.organizations.get", on: organization.resource) {
            visible.append(organization)
        }
        return visible
    }

    /// The projects that the caller may get and that `isWanted` takes, by id.
    func projects(
        after last: String?, limit: Int, for call: Call, where isWanted: (ProjectRecord) -> Bool
    ) async throws -> Page {
        var page = Page()
        let candidates = state.projects.sorted.drop { project in
            last.map { !$0.utf8.lexicographicallyPrecedes(project.id.utf8) } ?? false
        }
        for project in candidates where isWanted(project) {
            guard try await call.mayUse("resourcemanager.projects.get", on: project.resource) else { continue }
            guard page.projects.count < limit else {
                page.last = page.projects.last?.id
                break
            }
            page.projects.append(project)
        }
        return page
    }
}
