import Access
import Directory
import DirectorySupport
import Foundation
import Identity
import Methods
import Schema
import SwiftProtobuf
import Testing

@Suite("A workforce pool")
struct WorkforcePoolTests {
    @Test("is made in an organization, shown, changed, deleted and taken up again")
    func lifecycle() async throws {
        let fixture = try await Fixture()
        #expect(await refusal { try await fixture.createStaff() }?.code == .permissionDenied)
        try await fixture.makeAdministrator()
        let made = try await fixture.createStaff { $0.workforcePool.sessionDuration = .init(seconds: 7200) }
        #expect(made.name == Fixture.staff && made.parent == "organizations/987654321098")
        #expect(made.state == .active && made.sessionDuration.seconds == 7200)
        #expect(try await fixture.getStaff() == made)
        let list: Google_Iam_Admin_V1_ListWorkforcePoolsResponse = try await fixture.call(
            "\(Fixture.workforce).ListWorkforcePools",
            Google_Iam_Admin_V1_ListWorkforcePoolsRequest.with {
                $0.location = "locations/global"
                $0.parent = "organizations/987654321098"
            })
        #expect(list.workforcePools == [made])
        let _: Operation = try await fixture.call(
            "\(Fixture.workforce).UpdateWorkforcePool",
            Google_Iam_Admin_V1_UpdateWorkforcePoolRequest.with {
                $0.workforcePool.name = Fixture.staff
                $0.workforcePool.displayName = "Staff"
                // Some clients send it without anything in it.
                $0.workforcePool.accessRestrictions = .init()
                $0.updateMask.paths = ["display_name"]
            })
        let _: Operation = try await fixture.call(
            "\(Fixture.workforce).DeleteWorkforcePool",
            Google_Iam_Admin_V1_DeleteWorkforcePoolRequest.with { $0.name = Fixture.staff })
        #expect(try await fixture.getStaff().state == .deleted)
        #expect(await refusal { try await fixture.createStaff() }?.code == .alreadyExists)
        let _: Operation = try await fixture.call(
            "\(Fixture.workforce).UndeleteWorkforcePool",
            Google_Iam_Admin_V1_UndeleteWorkforcePoolRequest.with { $0.name = Fixture.staff })
        #expect(try await fixture.getStaff().displayName == "Staff")
        // What a server finds after a restart decides in the same way.
        let state = try DirectoryState(fixture.records.records())
        #expect(state.access.hierarchy.lineage(of: .workforcePool("staff-pool")).count == 2)
    }

    @Test("has a policy of its own beside its organization's")
    func policies() async throws {
        let fixture = try await Fixture()
        try await fixture.makeAdministrator()
        try await fixture.createStaff()
        try await fixture.createLogin()
        #expect(await refusal { _ = try await fixture.getStaff(as: "bob@example.com") }?.code == .permissionDenied)
        let _: Google_Iam_V1_Policy = try await fixture.call(
            "\(Fixture.workforce).SetIamPolicy",
            Google_Iam_V1_SetIamPolicyRequest.with {
                $0.resource = Fixture.staff
                $0.policy.bindings = [
                    .with {
                        $0.role = "roles/iam.workforcePoolViewer"
                        $0.members = ["user:bob@example.com"]
                    }
                ]
            })
        _ = try await fixture.getStaff(as: "bob@example.com")
        let login: WorkforceProvider = try await fixture.call(
            "\(Fixture.workforce).GetWorkforcePoolProvider",
            Google_Iam_Admin_V1_GetWorkforcePoolProviderRequest.with { $0.name = "\(Fixture.staff)/providers/login" },
            as: "bob@example.com")
        #expect(login.oidc.clientID == "client")
        let held: Google_Iam_V1_TestIamPermissionsResponse = try await fixture.call(
            "\(Fixture.workforce).TestIamPermissions",
            Google_Iam_V1_TestIamPermissionsRequest.with {
                $0.resource = Fixture.staff
                $0.permissions = ["iam.workforcePools.get", "iam.workforcePools.update"]
            }, as: "bob@example.com")
        #expect(held.permissions == ["iam.workforcePools.get"])
    }

    static let faults: [(String, @Sendable (inout Google_Iam_Admin_V1_CreateWorkforcePoolRequest) -> Void)] = [
        ("workforce_pool_id", { $0.workforcePoolID = "staff" }),
        ("workforce_pool_id", { $0.workforcePoolID = "1-staff" }),
        ("workforce_pool_id", { $0.workforcePoolID = "staff-" }),
        ("workforce_pool_id", { $0.workforcePoolID = "gcp-staff" }),
        ("workforce_pool_id", { $0.workforcePoolID = String(repeating: "a", count: 64) }),
        ("workforce_pool.parent", { $0.workforcePool.parent = "" }),
        ("workforce_pool.parent", { $0.workforcePool.parent = "projects/demo" }),
        ("location", { $0.location = "locations/eu" }),
        ("workforce_pool.session_duration", { $0.workforcePool.sessionDuration = .init(seconds: 899) }),
        ("workforce_pool.session_duration", { $0.workforcePool.sessionDuration = .init(seconds: 43_201) }),
        (
            "workforce_pool.access_restrictions",
            { $0.workforcePool.accessRestrictions.disableProgrammaticSignin = true }
        ),
    ]

    @Test("is refused with a field that is wrong", arguments: faults.indices)
    func fields(index: Int) async throws {
        let (field, change) = Self.faults[index]
        let fixture = try await Fixture()
        try await fixture.makeAdministrator()
        let refused = await refusal { try await fixture.createStaff(change) }
        #expect(refused?.violations == [field])
        #expect(fixture.directory.state.identityPools.count == 0)
    }

    @Test("keeps out somebody who was deleted, until they are taken up again or thirty days have passed")
    func subjects() async throws {
        let fixture = try await Fixture()
        try await fixture.makeAdministrator()
        try await fixture.createStaff()
        let name = "\(Fixture.staff)/subjects/team%2Fbob"
        func delete() async throws {
            let _: Operation = try await fixture.call(
                "\(Fixture.workforce).DeleteWorkforcePoolSubject",
                Google_Iam_Admin_V1_DeleteWorkforcePoolSubjectRequest.with { $0.name = name })
        }
        func undelete() async throws {
            let _: Operation = try await fixture.call(
                "\(Fixture.workforce).UndeleteWorkforcePoolSubject",
                Google_Iam_Admin_V1_UndeleteWorkforcePoolSubjectRequest.with { $0.name = name })
        }
        let pools = DirectoryPools(directory: fixture.directory)
        let bob = FederatedIdentity(pool: .workforce("staff-pool"), subject: "team/bob")
        #expect(await refusal(undelete)?.code == .failedPrecondition)
        try await delete()
        #expect(pools.isDeleted(bob, at: .later(29.9)) && !pools.isDeleted(bob, at: .later(30.1)))
        #expect(await refusal(delete)?.code == .failedPrecondition)
        let operation: Operation = try await fixture.call(
            "\(Fixture.workforce).GetSubjectOperation",
            Google_Longrunning_GetOperationRequest.with { $0.name = "\(name)/operations/delete" })
        #expect(operation.done)
        try await undelete()
        #expect(!pools.isDeleted(bob, at: Date()))
        for other in ["", "\(Fixture.staff)/subjects/", "subjects/bob", Fixture.poolName + "/subjects/bob"] {
            let refused = await refusal {
                let _: Operation = try await fixture.call(
                    "\(Fixture.workforce).DeleteWorkforcePoolSubject",
                    Google_Iam_Admin_V1_DeleteWorkforcePoolSubjectRequest.with { $0.name = other })
            }
            #expect(refused?.violations == ["name"])
        }
    }
}
