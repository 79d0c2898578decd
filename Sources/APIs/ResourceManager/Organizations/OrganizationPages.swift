import Directory
import Methods

extension VisibleDirectory {
    /// A page of organizations.
    struct OrganizationPage {
        var organizations: [OrganizationRecord]
        /// Empty on the last page.
        var nextToken: String
    }

    /// The organizations that the caller may get and that a filter takes, by number.
    func organizations(
        filter: ListFilter, pageSize: Int32, token: String, scope: [String], for call: Call
    ) async throws -> OrganizationPage {
        let last = try PageToken.read(token, scope: scope) ?? ""
        let limit = try PageSize.read(pageSize, default: 50, maximum: 50)
        let found = try await organizations(for: call).filter { organization in
            organization.number > last && filter.matches { $0 == "domain" ? organization.domain : nil }
        }
        let page = Array(found.prefix(limit))
        let next = found.count > limit ? try page.last.map { try PageToken.make(after: $0.number, scope: scope) } : nil
        return OrganizationPage(organizations: page, nextToken: next ?? "")
    }
}
