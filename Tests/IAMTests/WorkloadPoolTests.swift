import Access
import Directory
import DirectorySupport
import Foundation
import Methods
import Schema
import SwiftProtobuf
import Testing

@Suite("A workload identity pool")
struct WorkloadPoolTests {
    @Test("is made, shown, changed, deleted and taken up again, and named by the number of its project")
    func lifecycle() async throws {
        let fixture = try await Fixture()
        let made = try await fixture.createPool {
            $0.displayName = "Builds"
            $0.description_p = "What CI does."
        }
        #expect(made.name == Fixture.poolName)
        #expect((made.state, made.mode) == (.active, .federationOnly))
        for name in [Fixture.poolName, "projects/demo/locations/global/workloadIdentityPools/builds"] {
            #expect(try await fixture.getPool(name) == made)
        }
        let changed = try await fixture.updatePool(["disabled", "session_duration", "display_name"]) {
            $0.disabled = true
            $0.sessionDuration = .init(seconds: 600)
            $0.description_p = "not in the mask"
        }
        #expect(changed.disabled && changed.displayName.isEmpty && changed.description_p == "What CI does.")
        #expect(changed.sessionDuration.seconds == 600)
        #expect(try await !fixture.updatePool(["session_duration"]) { _ in }.hasSessionDuration)

        let deleted = try await fixture.deletePool()
        #expect(deleted.state == .deleted)
        #expect((29...30).contains(deleted.expireTime.date.timeIntervalSinceNow / 86_400))
        #expect(try await fixture.getPool() == deleted)
        #expect(try await fixture.listPools().workloadIdentityPools.isEmpty)
        #expect(try await fixture.listPools(withDeleted: true).workloadIdentityPools == [deleted])
        #expect(await refusal { _ = try await fixture.updatePool(["disabled"]) { _ in } }?.code == .failedPrecondition)
        #expect(await refusal { try await fixture.deletePool() }?.code == .failedPrecondition)
        #expect(await refusal { try await fixture.createProvider() }?.code == .failedPrecondition)
        #expect(try await fixture.undeletePool().state == .active)
        #expect(await refusal { try await fixture.undeletePool() }?.code == .failedPrecondition)
        #expect(try DirectoryState(fixture.records.records()).identityPools.all.map(\.isDisabled) == [true])
    }

    @Test("keeps its id for thirty days after its deletion; then a new one inherits nothing")
    func gone() async throws {
        let fixture = try await Fixture()
        try await fixture.createPool()
        try await fixture.createProvider()
        let everybody = "principalSet://iam.googleapis.com/\(Fixture.poolName)/*"
        try await fixture.directory.grant("roles/batch.jobsViewer", to: everybody)
        try await fixture.deletePool()
        let taken = await refusal { try await fixture.createPool(at: .later(29.9)) }
        #expect(taken?.code == .alreadyExists)
        #expect(taken?.message.contains("It can be undeleted") == true)

        #expect(await refusal { _ = try await fixture.getPool(daysLater: 30.1) }?.code == .notFound)
        #expect(await refusal { try await fixture.undeletePool(daysLater: 30.1) }?.code == .notFound)
        try await fixture.createPool(at: .later(30.1))
        let state = fixture.directory.state
        #expect(state.identityProviders.count == 0)
        #expect(!state.policy(of: .project("demo")).bindings.flatMap(\.members).contains(everybody))
    }

    @Test("is listed by pages, each project's by itself")
    func pages() async throws {
        let fixture = try await Fixture()
        for id in ["pool-c", "pool-a", "pool-b"] { try await fixture.createPool(id) }
        try await fixture.createPool("pool-d", in: "projects/other/locations/global", as: "carol@example.com")
        let first = try await fixture.listPools(size: 2)
        let second = try await fixture.listPools(
            "projects/111111111111/locations/global", size: 2, after: first.nextPageToken)
        let ids = (first.workloadIdentityPools + second.workloadIdentityPools).map { $0.name.suffix(6) }
        #expect(ids == ["pool-a", "pool-b", "pool-c"])
        #expect(second.nextPageToken.isEmpty)
    }

    @Test("is one of a hundred in its project at most")
    func limit() async throws {
        let fixture = try await Fixture()
        for number in 0..<IdentityPoolRecord.most { try await fixture.createPool("pool-\(number)") }
        #expect(await refusal { try await fixture.createPool("one-more") }?.code == .resourceExhausted)
        try await fixture.deletePool(Fixture.poolName.replacing("builds", with: "pool-0"))
        try await fixture.createPool("one-more")
        let back = await refusal {
            try await fixture.undeletePool(Fixture.poolName.replacing("builds", with: "pool-0"))
        }
        #expect(back?.code == .resourceExhausted)
    }

    @Test(
        "has an id of 4 to 32 characters that is not Google's",
        arguments: ["abc", "", "Builds", "gcp-builds", "bu_lds", String(repeating: "a", count: 33), "a/b/c/d", "bué-s"])
    func ids(id: String) async throws {
        let fixture = try await Fixture()
        let refused = await refusal { try await fixture.createPool(id) }
        #expect(refused?.violations == ["workload_identity_pool_id"])
    }

    static let badPools: [(String, @Sendable (inout WorkloadPool) -> Void)] = [
        ("workload_identity_pool.display_name", { $0.displayName = String(repeating: "x", count: 33) }),
        ("workload_identity_pool.display_name", { $0.displayName = "a\nb" }),
        ("workload_identity_pool.description", { $0.description_p = String(repeating: "x", count: 257) }),
        ("workload_identity_pool.session_duration", { $0.sessionDuration = .init(seconds: 119) }),
        ("workload_identity_pool.session_duration", { $0.sessionDuration = .init(seconds: 43_201) }),
        ("workload_identity_pool.session_duration", { $0.sessionDuration = .init(seconds: 600, nanos: 1) }),
        ("workload_identity_pool.session_duration", { $0.sessionDuration = .init(seconds: .min, nanos: .min) }),
        ("workload_identity_pool.mode", { $0.mode = .trustDomain }),
        ("workload_identity_pool.mode", { $0.mode = .UNRECOGNIZED(9) }),
    ]

    @Test("is refused with a field that is wrong", arguments: badPools.indices)
    func fields(index: Int) async throws {
        let fixture = try await Fixture()
        let (field, change) = Self.badPools[index]
        let refused = await refusal { try await fixture.createPool("builds", change) }
        #expect(refused?.code == .invalidArgument)
        #expect(refused?.violations == [field])
        #expect(fixture.directory.state.identityPools.count == 0)
    }

    @Test(
        "is changed by fields that can be changed",
        arguments: [[], ["name"], ["mode"], ["state"], ["display_name", "x"], ["*"], [""]])
    func masks(mask: [String]) async throws {
        let fixture = try await Fixture()
        let made = try await fixture.createPool()
        let refused = await refusal { _ = try await fixture.updatePool(mask) { $0.displayName = "x" } }
        #expect(refused?.violations == ["update_mask"])
        #expect(try await fixture.getPool() == made)
    }

    @Test(
        "is not named otherwise",
        arguments: [
            "", "builds", "projects/demo/locations/us-central1/workloadIdentityPools/builds",
            "projects/demo/locations/global/workloadIdentityPools/", Fixture.staff,
            "projects//locations/global/workloadIdentityPools/builds", Fixture.poolName + "/",
            Fixture.poolName + "/providers/github",
        ])
    func names(name: String) async throws {
        let fixture = try await Fixture()
        #expect(await refusal { _ = try await fixture.getPool(name) }?.violations == ["name"])
    }

    @Test("tells strangers nothing, and those who may see it that it is not there")
    func access() async throws {
        let fixture = try await Fixture()
        let absent = await refusal { _ = try await fixture.getPool() }
        #expect(absent?.code == .notFound)
        let hidden = await refusal { _ = try await fixture.getPool(as: "bob@example.com") }
        try await fixture.createPool()
        let refused = await refusal { _ = try await fixture.getPool(as: "bob@example.com") }
        #expect(refused?.code == .permissionDenied && refused?.message == hidden?.message)
        #expect(
            refused?.message
                == "Permission 'iam.workloadIdentityPools.get' denied on resource '//iam.googleapis.com/\(Fixture.poolName)' "
                + "(or it may not exist).")
        let making = await refusal { try await fixture.createPool("more", as: "bob@example.com") }
        #expect(
            making?.message
                == "Permission 'iam.workloadIdentityPools.create' denied on resource '//iam.googleapis.com/"
                + "\(Fixture.location)' (or it may not exist).")
    }

    @Test("has a policy of its own, which counts for its providers too")
    func policies() async throws {
        let fixture = try await Fixture()
        try await fixture.createPool()
        try await fixture.createProvider()
        let request = Google_Iam_V1_SetIamPolicyRequest.with {
            $0.resource = Fixture.poolName
            $0.policy.bindings = [
                .with {
                    $0.role = "roles/iam.workloadIdentityPoolViewer"
                    $0.members = ["user:bob@example.com"]
                }
            ]
        }
        let set: Google_Iam_V1_Policy = try await fixture.call("\(Fixture.pools).SetIamPolicy", request)
        let read: Google_Iam_V1_Policy = try await fixture.call(
            "\(Fixture.pools).GetIamPolicy",
            Google_Iam_V1_GetIamPolicyRequest.with { $0.resource = Fixture.poolName })
        #expect(read == set)
        _ = try await fixture.getPool(as: "bob@example.com")
        let provider = Google_Iam_V1_GetWorkloadIdentityPoolProviderRequest.with {
            $0.name = Fixture.poolName + "/providers/github"
        }
        let _: WorkloadProvider = try await fixture.call(
            "\(Fixture.pools).GetWorkloadIdentityPoolProvider", provider, as: "bob@example.com")
        #expect(await refusal { try await fixture.deletePool(as: "bob@example.com") }?.code == .permissionDenied)
        // Both names of a permission are understood.
        let names = ["iam.workloadIdentityPools.get", "iam.googleapis.com/workloadIdentityPools.get"]
        let held: Google_Iam_V1_TestIamPermissionsResponse = try await fixture.call(
            "\(Fixture.pools).TestIamPermissions",
            Google_Iam_V1_TestIamPermissionsRequest.with {
                $0.resource = Fixture.poolName
                $0.permissions = names + ["iam.workloadIdentityPools.delete"]
            }, as: "bob@example.com")
        #expect(held.permissions == names)
        let elsewhere = await refusal {
            let other = Google_Iam_V1_SetIamPolicyRequest.with {
                $0.policy = request.policy
                $0.resource = request.resource.replacing("builds", with: "absent")
            }
            let _: Google_Iam_V1_Policy = try await fixture.call("\(Fixture.pools).SetIamPolicy", other)
        }
        #expect(elsewhere?.code == .notFound)
    }

    @Test("can be named in policies while it exists")
    func members() async throws {
        let fixture = try await Fixture()
        let robot = try await fixture.create()
        func grant(_ member: String) async throws {
            let _: Google_Iam_V1_Policy = try await fixture.call(
                "SetIamPolicy",
                Google_Iam_V1_SetIamPolicyRequest.with {
                    $0.resource = robot.name
                    $0.policy.bindings = [
                        .with {
                            $0.role = "roles/iam.workloadIdentityUser"
                            $0.members = [member]
                        }
                    ]
                })
        }
        let member = "principal://iam.googleapis.com/\(Fixture.poolName)/subject/repo:acme/site"
        #expect(await refusal { try await grant(member) }?.message.hasPrefix("Identity Pool does not exist (") == true)
        try await fixture.createPool()
        try await grant(member)
        let identity = FederatedIdentity(
            pool: .workload("builds", project: "111111111111"), subject: "repo:acme/site")
        let account = Resource.serviceAccount(email: robot.email, project: "demo")
        #expect(
            fixture.directory.decide(.federated(identity), "iam.serviceAccounts.getAccessToken", on: account).isAllowed)
        try await fixture.deletePool()
        let set = "principalSet://iam.googleapis.com/\(Fixture.poolName)/*"
        #expect(await refusal { try await grant(set) }?.code == .invalidArgument)
    }

    @Test("has operations that are done, for those who may see it")
    func operations() async throws {
        let fixture = try await Fixture()
        let made = try await fixture.createPool()
        func get(_ name: String, as email: String = "alice@example.com") async throws -> Operation {
            try await fixture.call(
                "\(Fixture.pools).GetOperation", Google_Longrunning_GetOperationRequest.with { $0.name = name },
                as: email)
        }
        let operation = try await get("\(made.name)/operations/create")
        #expect(operation.done)
        #expect(try WorkloadPool(unpackingAny: operation.response) == made)
        #expect(await refusal { _ = try await get("\(made.name)/operations/sing") }?.code == .notFound)
        #expect(
            await refusal { _ = try await get("\(made.name)/providers/github/operations/create") }?.code == .notFound)
        #expect(
            await refusal { _ = try await get("\(made.name)/operations/create", as: "bob@example.com") }?.code
                == .permissionDenied)
    }
}

extension ServiceError {
    /// The fields that are said to be wrong.
    var violations: [String] {
        details.compactMap { $0 as? Google_Rpc_BadRequest }.flatMap(\.fieldViolations).map(\.field)
    }
}
