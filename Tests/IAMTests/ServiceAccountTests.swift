import Access
import Directory
import DirectorySupport
import Foundation
import Methods
import Schema
import SwiftProtobuf
import Testing

@Suite("Service accounts")
struct ServiceAccountTests {
    @Test("are created, looked at by every name that they have, listed and changed")
    func ordinary() async throws {
        let fixture = try await Fixture()
        let made = try await fixture.create("robot-one", in: "projects/111111111111") {
            $0.displayName = "Robot"
            $0.description_p = "Runs jobs"
        }
        #expect(made.email == "robot-one@demo.iam.gserviceaccount.com")
        #expect(made.name == "projects/demo/serviceAccounts/\(made.email)")
        #expect(made.projectID == "demo")
        #expect(made.uniqueID.wholeMatch(of: /\d{21}/) != nil)
        #expect(made.oauth2ClientID == made.uniqueID)
        #expect(made.displayName == "Robot")
        #expect(made.description_p == "Runs jobs")
        #expect(!made.disabled)
        for project in ["demo", "111111111111", "-", "other"] {
            for account in [made.email, made.email.uppercased(), made.uniqueID] {
                #expect(try await fixture.get("projects/\(project)/serviceAccounts/\(account)") == made)
            }
        }
        #expect(try await fixture.list().accounts == [made])

        let patched: WireAccount = try await fixture.call(
            "PatchServiceAccount",
            Google_Iam_Admin_V1_PatchServiceAccountRequest.with {
                $0.serviceAccount.name = made.name
                $0.serviceAccount.displayName = "Machine"
                $0.updateMask.paths = ["display_name", "description"]
            })
        #expect(patched.displayName == "Machine")
        #expect(patched.description_p.isEmpty)
        #expect(patched.etag != made.etag)
        let updated: WireAccount = try await fixture.call(
            "UpdateServiceAccount",
            WireAccount.with {
                $0.name = made.name
                $0.displayName = "Once more"
            })
        #expect(updated.displayName == "Once more")
        #expect(try await fixture.get(made.name) == updated)
    }

    @Test("are listed by page, without those of services and of other projects")
    func pages() async throws {
        let fixture = try await Fixture()
        try await fixture.directory.change { draft in
            guard let demo = draft.state.projects["demo"] else { return }
            try draft.enable(["batch.googleapis.com"], in: demo, at: Date())
        }
        for number in 10..<35 { try await fixture.create("robot-\(number)") }
        try await fixture.create("robot-40", in: "projects/other", as: "carol@example.com")
        let first = try await fixture.list()
        #expect(first.accounts.count == 20)
        let second = try await fixture.list(after: first.nextPageToken)
        #expect(second.accounts.count == 6)
        #expect(second.nextPageToken.isEmpty)
        let all = (first.accounts + second.accounts).map(\.email)
        #expect(all == all.sorted())
        #expect(all.first == "111111111111-compute@developer.gserviceaccount.com")
        #expect(try await fixture.list(size: 1000).accounts.map(\.email) == all)
        let agent = "service-111111111111@gcp-sa-cloudbatch.iam.gserviceaccount.com"
        let error = await refusal { _ = try await fixture.get("projects/demo/serviceAccounts/\(agent)") }
        #expect(error?.code == .notFound)
        let foreign = await refusal { _ = try await fixture.list(after: "bm9uc2Vuc2U") }
        #expect(foreign?.code == .invalidArgument)
    }

    @Test(
        "are refused with a malformed id or too long a text",
        arguments: [
            ("ro", "", ""), ("r" + String(repeating: "o", count: 30), "", ""), ("Robot-one", "", ""),
            ("1robot-one", "", ""), ("robot-one-", "", ""), ("robot_one", "", ""), ("röbot-one", "", ""), ("", "", ""),
            ("robot-one", String(repeating: "x", count: 101), ""),
            ("robot-one", "", String(repeating: "x", count: 257)),
        ])
    func malformed(id: String, displayName: String, description: String) async throws {
        let fixture = try await Fixture()
        let error = await refusal {
            try await fixture.create(id) {
                $0.displayName = displayName
                $0.description_p = description
            }
        }
        #expect(error?.code == .invalidArgument)
        #expect(try await fixture.list().accounts.isEmpty)
    }

    @Test("are refused when the id is taken, when there are a hundred, and where a constraint forbids them")
    func limits() async throws {
        let fixture = try await Fixture()
        try await fixture.create()
        let taken = await refusal { try await fixture.create() }
        #expect(taken?.code == .alreadyExists)
        #expect(taken?.message == "Service account robot-one already exists within project projects/demo.")
        #expect(taken?.details.first is Google_Rpc_ResourceInfo)
        for number in 1..<100 { try await fixture.create("another-\(number)") }
        let full = await refusal { try await fixture.create("one-too-many") }
        #expect(full?.code == .resourceExhausted)
        try await fixture.directory.change { draft in
            try draft.put(
                OrganizationPolicyRecord(
                    OrganizationPolicy(.disableServiceAccountCreation, rules: [.init(.enforce(true))]),
                    on: .organization("987654321098"), updatedAt: Date()))
        }
        let forbidden = await refusal {
            try await fixture.create("robot-two", in: "projects/other", as: "carol@example.com")
        }
        #expect(forbidden?.code == .failedPrecondition)
    }

    @Test("of one id are made once, however many ask at the same time")
    func race() async throws {
        let fixture = try await Fixture()
        let outcomes = await withTaskGroup(of: ServiceError.Code?.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    do {
                        try await fixture.create()
                        return nil
                    } catch {
                        return (error as? ServiceError)?.code
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == nil } == 1)
        #expect(outcomes.count { $0 == .alreadyExists } == 49)
        #expect(try await fixture.list().accounts.count == 1)
    }

    @Test("that do not exist are told only to those who could see them")
    func unknown() async throws {
        let fixture = try await Fixture()
        let name = "projects/demo/serviceAccounts/nobody@demo.iam.gserviceaccount.com"
        let known = await refusal { _ = try await fixture.get(name) }
        #expect(known?.code == .notFound)
        #expect(known?.message == "Service account \(name) does not exist.")
        let anywhere = await refusal {
            _ = try await fixture.get(name.replacing("projects/demo", with: "projects/-"))
        }
        #expect(anywhere?.code == .permissionDenied)
        #expect(
            await refusal { _ = try await fixture.get("projects/demo/serviceAccounts/x y") }?.code == .invalidArgument)
    }

    @Test(
        "are the same to a stranger, whether they exist or not",
        arguments: ["demo", "111111111111", "other", "-", "no"])
    func strangers(project: String) async throws {
        let fixture = try await Fixture()
        let made = try await fixture.create()
        // A role of the project's own would be the smallest that helps; strangers are not told of it.
        try await fixture.createRole("peek", ["iam.serviceAccounts.get"])
        let denied = { (account: String) async -> String? in
            let name = "projects/\(project)/serviceAccounts/\(account)"
            guard let error = await refusal({ _ = try await fixture.get(name, as: "eve@example.com") }) else {
                return nil
            }
            #expect(error.code == .permissionDenied)
            let details = error.details.map { "\($0)" }.joined()
            return (error.message + details).replacing(account, with: "X")
        }
        let unknown = await denied("nobody-one@demo.iam.gserviceaccount.com")
        #expect(await denied(made.email) == unknown)
        #expect(await denied(made.uniqueID) == unknown)
        #expect(unknown?.contains(made.uniqueID) == false)
        #expect(unknown?.contains("peek") == false)
    }

    @Test("of one project cannot be touched by the owner of another who names it as theirs")
    func foreign() async throws {
        let fixture = try await Fixture()
        let made = try await fixture.create()
        var disguised = made
        disguised.name = "projects/other/serviceAccounts/\(made.email)"
        #expect(
            await refusal { try await fixture.delete(disguised, as: "carol@example.com") }?.code == .permissionDenied)
        #expect(try await fixture.get(made.name) == made)
    }

    @Test("are suspended and taken up again, more than once")
    func disabling() async throws {
        let fixture = try await Fixture()
        let made = try await fixture.create()
        let principal = Principal.serviceAccount(made.email)
        try await fixture.directory.grant("roles/viewer", to: "serviceAccount:\(made.email)")
        for isDisabled in [true, true, false, false] {
            if isDisabled {
                let _: Google_Protobuf_Empty = try await fixture.call(
                    "DisableServiceAccount",
                    Google_Iam_Admin_V1_DisableServiceAccountRequest.with { $0.name = made.name })
            } else {
                let _: Google_Protobuf_Empty = try await fixture.call(
                    "EnableServiceAccount", Google_Iam_Admin_V1_EnableServiceAccountRequest.with { $0.name = made.name }
                )
            }
            #expect(try await fixture.get(made.name).disabled == isDisabled)
            let decision = fixture.directory.decide(principal, "batch.jobs.list", on: .project("demo"))
            #expect(decision.isAllowed != isDisabled)
        }
    }
}
