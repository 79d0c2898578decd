import Access
import Directory
import Methods
import Schema

/// The accounts of a project that are its users', by address.
struct AccountList {
    private static let usualPage = 20
    private static let longestPage = 100

    let state: DirectoryState

    func page(
        _ request: Google_Iam_Admin_V1_ListServiceAccountsRequest
    ) throws -> Google_Iam_Admin_V1_ListServiceAccountsResponse {
        let project = try state.project(of: ProjectName.resource(request.name, field: "name")).id
        let scope = ["serviceAccounts", project]
        let last = try PageToken.read(request.pageToken, scope: scope) ?? ""
        let limit = try PageSize.read(request.pageSize, default: Self.usualPage, maximum: Self.longestPage)
        let found = state.serviceAccounts.all
            .filter { account in
                account.project == project && account.deletedAt == nil && account.origin != .serviceAgent
                    && account.email > last
            }
            .sorted { $0.email < $1.email }
        let page = found.prefix(limit)
        let next = found.count > limit ? try page.last.map { try PageToken.make(after: $0.email, scope: scope) } : nil
        return .with {
            $0.accounts = page.map(Google_Iam_Admin_V1_ServiceAccount.init)
            $0.nextPageToken = next ?? ""
        }
    }
}
