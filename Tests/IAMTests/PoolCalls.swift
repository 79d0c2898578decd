import Access
import Directory
import Foundation
import Methods
import Schema
import SwiftProtobuf

typealias WorkloadPool = Google_Iam_V1_WorkloadIdentityPool
typealias WorkloadProvider = Google_Iam_V1_WorkloadIdentityPoolProvider
typealias WorkforcePool = Google_Iam_Admin_V1_WorkforcePool
typealias WorkforceProvider = Google_Iam_Admin_V1_WorkforcePoolProvider
typealias Operation = Google_Longrunning_Operation

/// Pools of programs, as their owner calls the API.
extension Fixture {
    static let location = "projects/demo/locations/global"
    static let pools = "google.iam.v1.WorkloadIdentityPools"
    /// As answers name it.
    static let poolName = "projects/111111111111/locations/global/workloadIdentityPools/builds"

    @discardableResult
    func createPool(
        _ id: String = "builds", in parent: String = location, as email: String = "alice@example.com",
        at time: Date = Date(), _ change: (inout WorkloadPool) -> Void = { _ in }
    ) async throws -> WorkloadPool {
        var request = Google_Iam_V1_CreateWorkloadIdentityPoolRequest.with {
            $0.parent = parent
            $0.workloadIdentityPoolID = id
        }
        change(&request.workloadIdentityPool)
        return try await WorkloadPool(
            done: call("\(Self.pools).CreateWorkloadIdentityPool", request, as: email, at: time))
    }

    func getPool(
        _ name: String = poolName, as email: String = "alice@example.com", daysLater days: Double = 0
    ) async throws -> WorkloadPool {
        try await call(
            "\(Self.pools).GetWorkloadIdentityPool",
            Google_Iam_V1_GetWorkloadIdentityPoolRequest.with { $0.name = name }, as: email, at: .later(days))
    }

    func updatePool(
        _ mask: [String], _ change: (inout WorkloadPool) -> Void
    ) async throws -> WorkloadPool {
        var request = Google_Iam_V1_UpdateWorkloadIdentityPoolRequest.with { $0.updateMask.paths = mask }
        change(&request.workloadIdentityPool)
        request.workloadIdentityPool.name = Self.poolName
        return try await WorkloadPool(done: call("\(Self.pools).UpdateWorkloadIdentityPool", request))
    }

    @discardableResult
    func deletePool(_ name: String = poolName, as email: String = "alice@example.com") async throws -> WorkloadPool {
        try await WorkloadPool(
            done: call(
                "\(Self.pools).DeleteWorkloadIdentityPool",
                Google_Iam_V1_DeleteWorkloadIdentityPoolRequest.with { $0.name = name }, as: email))
    }

    @discardableResult
    func undeletePool(_ name: String = poolName, daysLater days: Double = 0) async throws -> WorkloadPool {
        try await WorkloadPool(
            done: call(
                "\(Self.pools).UndeleteWorkloadIdentityPool",
                Google_Iam_V1_UndeleteWorkloadIdentityPoolRequest.with { $0.name = name }, at: .later(days)))
    }

    func listPools(
        _ parent: String = location, size: Int32 = 0, after token: String = "", withDeleted: Bool = false
    ) async throws -> Google_Iam_V1_ListWorkloadIdentityPoolsResponse {
        try await call(
            "\(Self.pools).ListWorkloadIdentityPools",
            Google_Iam_V1_ListWorkloadIdentityPoolsRequest.with {
                $0.parent = parent
                $0.pageSize = size
                $0.pageToken = token
                $0.showDeleted = withDeleted
            })
    }

    @discardableResult
    func createProvider(
        _ id: String = "github", of pool: String = poolName,
        _ change: (inout WorkloadProvider) -> Void = { _ in }
    ) async throws -> WorkloadProvider {
        var request = Google_Iam_V1_CreateWorkloadIdentityPoolProviderRequest.with {
            $0.parent = pool
            $0.workloadIdentityPoolProviderID = id
            $0.workloadIdentityPoolProvider.oidc.issuerUri = "https://issuer.example.com"
            $0.workloadIdentityPoolProvider.attributeMapping = ["google.subject": "assertion.sub"]
        }
        change(&request.workloadIdentityPoolProvider)
        return try await WorkloadProvider(done: call("\(Self.pools).CreateWorkloadIdentityPoolProvider", request))
    }

    func updateProvider(
        _ mask: [String], _ change: (inout WorkloadProvider) -> Void
    ) async throws -> WorkloadProvider {
        var request = Google_Iam_V1_UpdateWorkloadIdentityPoolProviderRequest.with { $0.updateMask.paths = mask }
        change(&request.workloadIdentityPoolProvider)
        request.workloadIdentityPoolProvider.name = "\(Self.poolName)/providers/github"
        return try await WorkloadProvider(done: call("\(Self.pools).UpdateWorkloadIdentityPoolProvider", request))
    }
}

/// Pools of people, as an administrator of their organization calls the API.
extension Fixture {
    static let workforce = "google.iam.admin.v1.WorkforcePools"
    static let staff = "locations/global/workforcePools/staff-pool"

    /// Lets alice administer the workforce pools of the organization.
    func makeAdministrator() async throws {
        try await directory.grant(
            "roles/iam.workforcePoolAdmin", to: "user:alice@example.com", on: .organization("987654321098"))
    }

    @discardableResult
    func createStaff(
        _ change: (inout Google_Iam_Admin_V1_CreateWorkforcePoolRequest) -> Void = { _ in }
    ) async throws -> WorkforcePool {
        var request = Google_Iam_Admin_V1_CreateWorkforcePoolRequest.with {
            $0.location = "locations/global"
            $0.workforcePoolID = "staff-pool"
            $0.workforcePool.parent = "organizations/987654321098"
        }
        change(&request)
        return try await WorkforcePool(done: call("\(Self.workforce).CreateWorkforcePool", request))
    }

    func getStaff(_ name: String = staff, as email: String = "alice@example.com") async throws -> WorkforcePool {
        try await call(
            "\(Self.workforce).GetWorkforcePool", Google_Iam_Admin_V1_GetWorkforcePoolRequest.with { $0.name = name },
            as: email)
    }

    @discardableResult
    func createLogin(_ change: (inout WorkforceProvider) -> Void = { _ in }) async throws -> WorkforceProvider {
        var request = Google_Iam_Admin_V1_CreateWorkforcePoolProviderRequest.with {
            $0.parent = Self.staff
            $0.workforcePoolProviderID = "login"
            $0.workforcePoolProvider.oidc.issuerUri = "https://issuer.example.com"
            $0.workforcePoolProvider.oidc.clientID = "client"
            $0.workforcePoolProvider.attributeMapping = ["google.subject": "assertion.sub"]
        }
        change(&request.workforcePoolProvider)
        return try await WorkforceProvider(done: call("\(Self.workforce).CreateWorkforcePoolProvider", request))
    }

    func updateLogin(
        _ mask: [String], _ change: (inout WorkforceProvider) -> Void
    ) async throws -> WorkforceProvider {
        var request = Google_Iam_Admin_V1_UpdateWorkforcePoolProviderRequest.with { $0.updateMask.paths = mask }
        change(&request.workforcePoolProvider)
        request.workforcePoolProvider.name = "\(Self.staff)/providers/login"
        return try await WorkforceProvider(done: call("\(Self.workforce).UpdateWorkforcePoolProvider", request))
    }
}

extension Date {
    /// So many days from now.
    static func later(_ days: Double) -> Date { Date(timeIntervalSinceNow: days * 86_400) }
}

extension Message {
    /// What an operation that is done gave.
    fileprivate init(done operation: Operation) throws {
        guard operation.done else { throw ServiceError(.internalError, "\(operation.name) is not done") }
        self = try Self(unpackingAny: operation.response)
    }
}
