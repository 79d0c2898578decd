import Directory
import Methods

extension VisibleDirectory {
    /// A page of the organizations that the caller may get and that a filter takes, by number.
    func organizations(
        filter: ListFilter, pageSize: Int32, token: String, scope: [String], for call: Call
    ) async throws -> ListPage<OrganizationRecord> {
        let found = try await organizations(for: call).filter { organization in
            filter.matches { $0 == "domain" ? organization.domain : nil }
        }
        let page = try ListPage(
            found, by: \.number, size: pageSize, default: 50, maximum: 50, token: token, scope: scope)
        try await call.noteFound(page.items.map(\.resource), by: "resourcemanager.organizations.get")
        return page
    }
}
