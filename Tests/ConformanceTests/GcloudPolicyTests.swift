import Foundation
import TestSupport
import Testing

@Suite("gcloud folders, organization policies and deny policies", .needsRoot, .needsGcloud, .serialized)
struct GcloudPolicyTests {
    /// Runs gcloud, which must succeed.
    @discardableResult
    private func gcloud(_ server: LandfallServer, _ words: String) async throws -> String {
        let result = try await server.exec(["gcloud"] + words.split(separator: " ").map(String.init))
        guard result.status == 0 else { throw TestFailure("gcloud \(words): \(result.output)\(result.errors)") }
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs gcloud, which must fail; what it says.
    private func refusal(_ server: LandfallServer, _ words: String) async throws -> String {
        let result = try await server.exec(["gcloud"] + words.split(separator: " ").map(String.init))
        #expect(result.status != 0, "gcloud \(words): \(result.output)")
        return result.errors
    }

    /// Lets alice do something on the organization, and names that.
    private func organization(_ server: LandfallServer, grant role: String) async throws -> String {
        let name = try await gcloud(server, "organizations list --format=value(name)")
        let number = name.replacing("organizations/", with: "")
        try await gcloud(
            server,
            "organizations add-iam-policy-binding \(number) --member=user:alice@example.com --role=\(role) "
                + "--condition=None")
        return number
    }

    @Test("a folder is made, found, given another name, granted on, deleted and taken up again")
    func folders() async throws {
        try await LandfallServer.with { server in
            let organization = try await organization(server, grant: "roles/resourcemanager.folderAdmin")
            try await gcloud(
                server, "resource-manager folders create --display-name=team --organization=\(organization)")
            let list = "resource-manager folders list --organization=\(organization)"
            let number = try await gcloud(server, "\(list) --format=value(ID)").replacing("folders/", with: "")
            try await gcloud(server, "resource-manager folders update \(number) --display-name=crew")
            #expect(try await gcloud(server, "\(list) --format=value(displayName)") == "crew")
            try await gcloud(
                server,
                "resource-manager folders add-iam-policy-binding \(number) --member=user:bob@example.com "
                    + "--role=roles/viewer --condition=None")
            let policy = try await gcloud(server, "resource-manager folders get-iam-policy \(number)")
            #expect(policy.contains("user:bob@example.com"))
            try await gcloud(server, "resource-manager folders delete \(number)")
            #expect(try await gcloud(server, "\(list) --format=value(displayName)").isEmpty)
            try await gcloud(server, "resource-manager folders undelete \(number)")
            #expect(try await gcloud(server, "\(list) --format=value(displayName)") == "crew")
        }
    }

    @Test("a constraint is enforced, seen in its effect, obeyed, reset and deleted, in both versions")
    func constraints() async throws {
        try await LandfallServer.with { server in
            _ = try await organization(server, grant: "roles/orgpolicy.policyAdmin")
            let constraint = "iam.disableServiceAccountCreation"
            try await gcloud(server, "resource-manager org-policies enable-enforce \(constraint) --project demo")
            #expect(try await refusal(server, "iam service-accounts create robot-one").contains("not allowed"))
            #expect(try await gcloud(server, "org-policies list --project demo").contains(constraint))
            let effective = try await gcloud(
                server, "org-policies describe \(constraint) --project demo --effective --format=json")
            #expect(effective.contains(#""enforce": true"#))
            try await gcloud(server, "org-policies reset \(constraint) --project demo")
            try await gcloud(server, "iam service-accounts create robot-one")
            // A file sets what is there already, and then what is not.
            let file = try server.file(
                "constraint.json",
                #"{"name": "projects/demo/policies/\#(constraint)", "spec": {"rules": [{"enforce": true}]}}"#)
            try await gcloud(server, "org-policies set-policy \(file)")
            #expect(try await refusal(server, "iam service-accounts create robot-two").contains("not allowed"))
            try await gcloud(server, "org-policies delete \(constraint) --project demo")
            try await gcloud(server, "org-policies set-policy \(file)")
            try await gcloud(server, "resource-manager org-policies disable-enforce \(constraint) --project demo")
            try await gcloud(server, "iam service-accounts create robot-two")
            try await gcloud(server, "org-policies delete \(constraint) --project demo")
            #expect(try await !gcloud(server, "org-policies list --project demo").contains(constraint))
        }
    }

    @Test("a job runs as an account of another project once the constraint there is lifted, as the refusal says")
    func foreignAccount() async throws {
        try await LandfallServer.with { server in
            _ = try await organization(server, grant: "roles/orgpolicy.policyAdmin")
            try await gcloud(server, "projects create tool-shed")
            try await gcloud(server, "services enable iam.googleapis.com --project=tool-shed")
            try await gcloud(server, "iam service-accounts create robot --project=tool-shed")
            let file = try server.file(
                "foreign.json",
                """
                {"taskGroups": [{"taskSpec": {"runnables": [{"script": {"text": "true"}}]}}],
                 "allocationPolicy": {"serviceAccount": {"email": "robot@tool-shed.iam.gserviceaccount.com"}}}
                """)
            let submit = "batch jobs submit foreign --location=us-central1 --config=\(file)"
            let refused = try await refusal(server, submit)
            #expect(refused.contains("caller does not have access to act as the specified service account"))
            let constraint = "iam.disableCrossProjectServiceAccountUsage"
            let command = "resource-manager org-policies disable-enforce \(constraint) --project=tool-shed"
            #expect(refused.contains(command), "\(refused)")
            try await gcloud(server, command)
            #expect(try await gcloud(server, "\(submit) --format=json").contains("robot@tool-shed"))
        }
    }

    @Test("the troubleshooter says whether somebody may do something, and by which binding")
    func troubleshooter() async throws {
        try await LandfallServer.with { server in
            for role in ["roles/iam.securityReviewer", "roles/iam.denyReviewer"] {
                _ = try await organization(server, grant: role)
            }
            let resource = "//cloudresourcemanager.googleapis.com/projects/demo"
            for (principal, state) in [("alice@example.com", "CAN_ACCESS"), ("bob@example.com", "CANNOT_ACCESS")] {
                let early = try await gcloud(
                    server,
                    "policy-troubleshoot iam \(resource) --principal-email=\(principal) --permission=batch.jobs.delete")
                #expect(early.contains("access: \(state == "CAN_ACCESS" ? "GRANTED" : "NOT_GRANTED")"), "\(early)")
                for command in ["gcloud", "gcloud beta"] {
                    let words =
                        "\(command) policy-intelligence troubleshoot-policy iam \(resource) "
                        + "--principal-email=\(principal) --permission=batch.jobs.delete"
                    let result = try await server.exec(words.split(separator: " ").map(String.init))
                    #expect(result.status == 0 && result.output.contains("overallAccessState: \(state)"), "\(result)")
                }
            }
        }
    }

    @Test("a deny policy takes away what the owner of a project holds, until it is deleted")
    func denial() async throws {
        try await LandfallServer.with { server in
            _ = try await organization(server, grant: "roles/iam.denyAdmin")
            let file = try server.file(
                "deny.json",
                """
                {"displayName": "No lists", "rules": [{"denyRule": {
                  "deniedPrincipals": ["principalSet://goog/public:all"],
                  "deniedPermissions": ["batch.googleapis.com/jobs.list"]}}]}
                """)
            let at = "--attachment-point=cloudresourcemanager.googleapis.com/projects/demo --kind=denypolicies"
            let jobs = "batch jobs list --location=us-central1"
            try await gcloud(server, jobs)
            try await gcloud(server, "iam policies create no-lists \(at) --policy-file=\(file)")
            #expect(try await refusal(server, jobs).contains("batch.jobs.list"))
            let got = try await gcloud(server, "iam policies get no-lists \(at) --format=json")
            #expect(got.contains("batch.googleapis.com/jobs.list"))
            try await gcloud(server, "iam policies delete no-lists \(at)")
            try await gcloud(server, jobs)
        }
    }
}
