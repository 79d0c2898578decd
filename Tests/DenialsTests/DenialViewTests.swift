import Access
import Schema
import Testing

@testable import Denials

@Suite("Of a refusal")
struct DenialViewTests {
    private let viewer = "roles/iam.securityReviewer"

    @Test("its owner sees nothing that tells whether what they named exists")
    func own() async throws {
        var world = try World()
        world.grant("roles/batch.jobsEditor", to: "group:team@example.com", on: .project("demo"))
        let rule = DenyRule(
            deniedPrincipals: ["principalSet://goog/public:all"],
            deniedPermissions: ["batch.googleapis.com/jobs.create"])
        world.index.setDenyPolicies([DenyPolicy(id: "no-jobs", rules: [rule])], on: .project("other"))
        var views: [DenialMessage] = []
        // One where nothing is granted, one where a rule denies it, one by its number, one that does not exist.
        for project in ["demo", "other", "123", "nowhere"] {
            let full = try world.message(project)
            var view = try #require(try await DenialView(call: world.call(by: alice)).visible(full))
            #expect(view.partial)
            view.clearTime()
            // What differs is only what the caller said.
            let json = try view.jsonString().replacing(project, with: "PROJECT")
            views.append(try DenialMessage(jsonString: json))
        }
        for view in views { #expect(view == views[0]) }
        #expect(views[0].policies.isEmpty && views[0].nearMisses.isEmpty && views[0].cause == .unspecified)
        #expect(views[0].remedies.first?.command.hasPrefix("gcloud projects add-iam-policy-binding PROJECT") == true)
    }

    @Test("others see nothing without the right to read the policy, and all with it")
    func others() async throws {
        var world = try World()
        world.grant("roles/batch.jobsEditor", to: "group:team@example.com", on: .project("demo"))
        world.grant("roles/browser", to: "user:alice@example.com", on: .folder("10"))
        let denial = try world.message()
        #expect(try await DenialView(call: world.call(by: root)).visible(denial) == nil)
        #expect(try await DenialView(call: world.call(by: .user("eve@example.org"))).visible(denial) == nil)
        world.grant("roles/owner", to: "user:root@example.com", on: .organization("1"))
        world.grant(viewer, to: "user:root@example.com", on: .organization("1"))
        let view = try #require(try await DenialView(call: world.call(by: root)).visible(denial))
        #expect(view == denial)
    }

    @Test("those who read the project's policy see that one, and not the folder's")
    func projectOnly() async throws {
        var world = try World()
        world.grant("roles/batch.jobsEditor", to: "group:team@example.com", on: .project("demo"))
        world.grant("roles/browser", to: "user:alice@example.com", on: .folder("10"))
        world.grant("roles/batch.jobsEditor", to: "user:alice@example.com", on: .project("other"))
        world.grant("roles/resourcemanager.projectIamAdmin", to: "user:alice@example.com", on: .project("demo"))
        let denial = try world.message()
        #expect(denial.policies.count == 2)
        let view = try #require(try await DenialView(call: world.call(by: alice)).visible(denial))
        #expect(view.partial)
        #expect(view.policies.map(\.resource.tail) == ["projects/demo"])
        #expect(view.nearMisses.allSatisfy { $0.resource.tail == "projects/demo" })
        #expect(view.cause == .notGranted)
    }

    @Test("a deny rule is seen by those who may read deny policies where it is")
    func denyRules() async throws {
        var world = try World()
        world.grant("roles/resourcemanager.projectIamAdmin", to: "user:alice@example.com", on: .project("demo"))
        let rule = DenyRule(
            deniedPrincipals: ["principalSet://goog/public:all"],
            deniedPermissions: ["batch.googleapis.com/jobs.create"])
        world.index.setDenyPolicies([DenyPolicy(id: "no-jobs", rules: [rule])], on: .organization("1"))
        let denial = try world.message()
        var view = try #require(try await DenialView(call: world.call(by: alice)).visible(denial))
        #expect(view.denyRules.isEmpty)
        #expect(view.cause == .unspecified)
        #expect(view.causeDetail.isEmpty)
        world.grant("roles/iam.denyReviewer", to: "user:alice@example.com", on: .organization("1"))
        view = try #require(try await DenialView(call: world.call(by: alice)).visible(denial))
        #expect(view.cause == .denyRule)
        #expect(view.denyRules.map(\.policy) == ["no-jobs"])
    }

    @Test("its owner sees the constraint that alone stands in the way, and what lifts it")
    func constraint() async throws {
        var world = try World()
        let account = Resource.serviceAccount(email: "robot@other.iam.gserviceaccount.com", project: "other")
        world.index.setAccount(
            ServiceAccount(email: "robot@other.iam.gserviceaccount.com", uniqueID: "1", project: "other"))
        for isGranted in [false, true] {
            if isGranted { world.grant("roles/iam.serviceAccountUser", to: "user:alice@example.com", on: account) }
            let denial = try world.attaching(account, in: "demo")
            let view = try #require(try await DenialView(call: world.call(by: alice)).visible(denial))
            #expect(view.partial && view.obstacle.isEmpty)
            #expect(view.cause == (isGranted ? .constraint : .unspecified))
            let command =
                "gcloud resource-manager org-policies disable-enforce iam.disableCrossProjectServiceAccountUsage "
                + "--project=other"
            #expect(view.liftingCommand == (isGranted ? command : ""))
            // Whoever may know is told at once what comes after the grant.
            #expect(denial.liftingCommand == command)
            let obstacle = "constraints/iam.disableCrossProjectServiceAccountUsage on projects/other"
            #expect(denial.obstacle == (isGranted ? "" : obstacle))
            #expect(view.remedies.isEmpty == isGranted)
        }
    }
}
