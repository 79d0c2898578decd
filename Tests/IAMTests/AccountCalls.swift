import Methods
import Schema
import SwiftProtobuf

typealias WireAccount = Google_Iam_Admin_V1_ServiceAccount

/// Service accounts made, looked at, deleted and taken up again.
extension Fixture {
    @discardableResult
    func create(
        _ id: String = "robot-one", in project: String = "projects/demo", as email: String = "alice@example.com",
        _ more: (inout WireAccount) -> Void = { _ in }
    ) async throws -> WireAccount {
        var request = Google_Iam_Admin_V1_CreateServiceAccountRequest.with {
            $0.name = project
            $0.accountID = id
        }
        more(&request.serviceAccount)
        return try await call("CreateServiceAccount", request, as: email)
    }

    func get(_ name: String, as email: String = "alice@example.com") async throws -> WireAccount {
        try await call(
            "GetServiceAccount", Google_Iam_Admin_V1_GetServiceAccountRequest.with { $0.name = name }, as: email)
    }

    func list(
        _ project: String = "projects/demo", size: Int32 = 0, after token: String = ""
    ) async throws -> Google_Iam_Admin_V1_ListServiceAccountsResponse {
        try await call(
            "ListServiceAccounts",
            Google_Iam_Admin_V1_ListServiceAccountsRequest.with {
                $0.name = project
                $0.pageSize = size
                $0.pageToken = token
            })
    }

    func delete(_ account: WireAccount, as email: String = "alice@example.com") async throws {
        let _: Google_Protobuf_Empty = try await call(
            "DeleteServiceAccount", Google_Iam_Admin_V1_DeleteServiceAccountRequest.with { $0.name = account.name },
            as: email)
    }

    @discardableResult
    func undelete(
        _ account: WireAccount, in project: String = "-", as email: String = "alice@example.com", daysLater: Double = 0
    ) async throws -> WireAccount {
        try await call(
            "UndeleteServiceAccount",
            Google_Iam_Admin_V1_UndeleteServiceAccountRequest.with {
                $0.name = "projects/\(project)/serviceAccounts/\(account.uniqueID)"
            }, as: email, at: .init(timeIntervalSinceNow: daysLater * 86_400),
            giving: Google_Iam_Admin_V1_UndeleteServiceAccountResponse.self
        ).restoredAccount
    }
}
