import Access
import Foundation
import Methods
import Schema
import Testing
import Workload

@testable import Batch

@Suite("What submitting a job takes")
struct PreconditionTests {
    private static let nonRoot = World.hello(group: "\"runAsNonRoot\":true")

    private static func account(_ email: String) -> String {
        World.hello.replacingOccurrences(
            of: "{\"taskGroups\"",
            with: "{\"allocationPolicy\":{\"serviceAccount\":{\"email\":\"\(email)\"}},\"taskGroups\"")
    }

    /// The refusal that a submission meets, after which nothing may be stored.
    private func refusal(_ json: String, _ change: (inout World) -> Void) async throws -> ServiceError {
        var world = World()
        change(&world)
        let submitting = world
        let error = try #require(
            await #expect(throws: ServiceError.self) { try await submitting.create(json) })
        #expect(await world.jobs.records.isEmpty)
        return error
    }

    @Test("batch.jobs.create, on the project")
    func create() async throws {
        let error = try await refusal(World.hello) { $0.gatekeeper.granted.remove("batch.jobs.create") }
        #expect(error.code == .permissionDenied)
        #expect(
            error.message == "Permission 'batch.jobs.create' denied on resource "
                + "'//batch.googleapis.com/projects/demo/locations/us-central1' (or it may not exist).")
        #expect(error.info?.reason == "IAM_PERMISSION_DENIED")
        #expect(error.info?.domain == "iam.googleapis.com")
        #expect(error.info?.metadata["permission"] == "batch.jobs.create")
        #expect(error.info?.metadata["resource"] == "projects/demo/locations/us-central1")
    }

    @Test(
        "iam.serviceAccounts.actAs, on the job's service account",
        arguments: [
            (World.hello, "123456789012-compute@developer.gserviceaccount.com"),
            (account("Runner@demo.iam.gserviceaccount.com"), "runner@demo.iam.gserviceaccount.com"),
            // Whether it exists is not told.
            (account("nobody@demo.iam.gserviceaccount.com"), "nobody@demo.iam.gserviceaccount.com"),
        ])
    func actAs(_ json: String, _ email: String) async throws {
        let error = try await refusal(json) { $0.gatekeeper.granted.remove("iam.serviceAccounts.actAs") }
        #expect(error.code == .permissionDenied)
        #expect(
            error.message == "caller does not have access to act as the specified service account: \"\(email)\"")
        #expect(error.info?.metadata["permission"] == "iam.serviceAccounts.actAs")
        #expect(error.info?.metadata["resource"] == "projects/demo/serviceAccounts/\(email)")
    }

    @Test("actAs on that one account is enough")
    func actAsOnAccount() async throws {
        var world = World()
        world.gatekeeper.granted.remove("iam.serviceAccounts.actAs")
        let email = "runner@demo.iam.gserviceaccount.com"
        world.gatekeeper.grantedOn["iam.serviceAccounts.actAs"] = .serviceAccount(email: email, project: "demo")
        let job = try await world.create(Self.account(email))
        #expect(job.allocationPolicy.serviceAccount.email == email)
    }

    @Test(
        "A service account that exists",
        arguments: [
            ("nobody@demo.iam.gserviceaccount.com", "There is no service account"),
            ("x@example.com", "must be the e-mail address of a service account"),
            ("118104661568955160800", "must be the e-mail address of a service account"),
        ])
    func existingAccount(_ email: String, _ fragment: String) async throws {
        let error = try await refusal(Self.account(email)) { _ in }
        #expect(error.code == .invalidArgument)
        #expect(error.fields == ["job.allocation_policy.service_account.email"])
        #expect(error.message.contains(fragment))
    }

    @Test("A service account that is not disabled")
    func disabledAccount() async throws {
        let error = try await refusal(Self.account("off@demo.iam.gserviceaccount.com")) { _ in }
        #expect(error.code == .failedPrecondition)
        #expect(error.message == "The service account 'off@demo.iam.gserviceaccount.com' is disabled.")
    }

    @Test("runAsNonRoot: the OS Login API")
    func osLoginAPI() async throws {
        let error = try await refusal(Self.nonRoot) { $0.gatekeeper.enabled.remove("oslogin.googleapis.com") }
        #expect(error.code == .permissionDenied)
        #expect(error.message == "oslogin.googleapis.com is disabled in demo")
    }

    @Test("runAsNonRoot: compute.instances.osLogin, on the project")
    func osLogin() async throws {
        let error = try await refusal(Self.nonRoot) { $0.gatekeeper.granted.remove("compute.instances.osLogin") }
        #expect(error.code == .permissionDenied)
        #expect(
            error.message == "Permission 'compute.instances.osLogin' denied on resource "
                + "'//cloudresourcemanager.googleapis.com/projects/demo' (or it may not exist).")
    }

    @Test("runAsNonRoot: compute.oslogin.updateExternalUser on the organization, for those from outside of it")
    func external() async throws {
        let error = try await refusal(Self.nonRoot) {
            $0.caller = .user("eve@elsewhere.org")
            $0.gatekeeper.granted.remove("compute.oslogin.updateExternalUser")
        }
        #expect(error.code == .permissionDenied)
        #expect(
            error.message == "Permission 'compute.oslogin.updateExternalUser' denied on resource "
                + "'//cloudresourcemanager.googleapis.com/organizations/42' (or it may not exist).")
    }

    @Test("Those from inside need nothing on the organization")
    func `internal`() async throws {
        var world = World()
        world.gatekeeper.granted.remove("compute.oslogin.updateExternalUser")
        try await world.create(Self.nonRoot)
        let account = PosixAccount(
            username: "alice_example_com", uid: 70_001, gid: 70_001, home: "/home/alice_example_com")
        #expect(await world.jobs.records.map(\.plan.user) == [.account(account)])
    }

    @Test("A root job needs none of the three")
    func root() async throws {
        var world = World()
        world.gatekeeper.enabled.remove("oslogin.googleapis.com")
        world.gatekeeper.granted.subtract(["compute.instances.osLogin", "compute.oslogin.updateExternalUser"])
        try await world.create()
        #expect(await world.jobs.records.map(\.plan.user) == [.root])
    }

    @Test("An invalid job is refused as such, before its service account is looked at")
    func order() async throws {
        let error = try await refusal("{}") { $0.gatekeeper.granted.remove("iam.serviceAccounts.actAs") }
        #expect(error.code == .invalidArgument)
    }
}
