import Schema
import Testing

@testable import landfall

@Suite("A refusal in words")
struct DenialTextTests {
    private typealias Denial = Landfall_Denials_V1_Denial

    private var denial: Denial {
        .with {
            $0.principal = "user:bob@example.com"
            $0.caller = "user:bob@example.com"
            $0.method = "google.cloud.batch.v1.BatchService.ListJobs"
            $0.permission = "batch.jobs.list"
            $0.resource = "//batch.googleapis.com/projects/demo/locations/l"
            $0.message = "Denied."
            $0.time.seconds = 1_790_000_000
            $0.cause = .notGranted
        }
    }

    @Test("says what was asked, what was looked at, what came close and what would help, in this order")
    func whole() {
        var denial = denial
        denial.denyRules = [
            .with {
                $0.resource = "//cloudresourcemanager.googleapis.com/organizations/1"
                $0.policy = "no-deletes"
                $0.member = "allUsers"
            }
        ]
        denial.policies = [
            .with {
                $0.resource = "//cloudresourcemanager.googleapis.com/projects/demo"
                $0.bindingCount = 3
                $0.bindings = [
                    .with {
                        $0.role = "roles/batch.jobsViewer"
                        $0.hasPermission_p = true
                        $0.member = "user:bob@example.com"
                        $0.condition.outcome = .unsatisfied
                        $0.condition.explanation = "false"
                    }
                ]
            },
            .with {
                $0.resource = "//cloudresourcemanager.googleapis.com/organizations/1"
                $0.bindingCount = 1
            },
        ]
        denial.nearMisses = [
            .with {
                $0.kind = .group
                $0.role = "roles/batch.jobsEditor"
                $0.member = "group:team@example.com"
                $0.resource = "//cloudresourcemanager.googleapis.com/projects/demo"
            }
        ]
        denial.remedies = [.with { $0.command = "gcloud projects add-iam-policy-binding demo" }]
        #expect(
            DenialText(denial).text == """
                user:bob@example.com lacks batch.jobs.list
                on //batch.googleapis.com/projects/demo/locations/l
                called google.cloud.batch.v1.BatchService.ListJobs at 2026-09-21T14:13:20Z
                and was told: Denied.
                Cause: nothing grants it.

                Deny rules that were looked at:
                  organizations/1, policy no-deletes, rule 0: does not apply: about other permissions, about the caller as allUsers

                Policies that were looked at:
                  projects/demo: 3 bindings
                    roles/batch.jobsViewer has the permission, is the caller's by user:bob@example.com, its condition does not hold: false
                  organizations/1: 1 binding, none about this permission or the caller

                What came close:
                  roles/batch.jobsEditor on projects/demo is granted to group:team@example.com, in which the caller is not

                Grants that give the permission, the smallest first:
                  gcloud projects add-iam-policy-binding demo

                """)
    }

    @Test("says when something is left out, and nothing of the cause that the reader may not know")
    func partial() {
        var denial = denial
        denial.partial = true
        denial.cause = .unspecified
        let text = DenialText(denial).text
        #expect(!text.contains("Cause"))
        #expect(text.hasSuffix("is shown to those who may read them, and to the owner of the installation.\n"))
    }

    @Test("names a few grants, and none for what does not exist")
    func remedies() {
        var denial = denial
        denial.remedies = (0..<8).map { number in .with { $0.command = "gcloud grant \(number)" } }
        #expect(DenialText(denial).text.contains("grant 4\n  and 3 more: --format json\n"))
        denial.cause = .noResource
        #expect(!DenialText(denial).text.contains("gcloud"))
    }

    @Test(
        "does not promise that a grant helps where something forbids the call",
        arguments: [Denial.Cause.denyRule, .constraint])
    private func forbidden(cause: Denial.Cause) {
        var denial = denial
        denial.cause = cause
        denial.causeDetail = "rule 0 of no-jobs on organizations/1"
        denial.remedies = [.with { $0.command = "gcloud" }]
        let text = DenialText(denial).text
        #expect(text.contains("whatever is granted"))
        #expect(text.contains("once nothing forbids it"))
    }

    @Test("names the command that takes away what forbids a call")
    func lifting() {
        var denial = denial
        denial.cause = .constraint
        denial.causeDetail = "constraints/iam.x on projects/demo"
        denial.liftingCommand = "gcloud lift"
        let text = DenialText(denial).text
        #expect(text.contains("Cause: constraints/iam.x on projects/demo forbids it, whatever is granted."))
        #expect(text.hasSuffix("\n\nWhat takes that away:\n  gcloud lift\n"))
        denial.cause = .notGranted
        denial.obstacle = "constraints/iam.x on projects/demo"
        denial.remedies = [.with { $0.command = "gcloud grant" }]
        #expect(
            DenialText(denial).text.hasSuffix(
                "  gcloud grant\n\nAlso, constraints/iam.x on projects/demo forbids it, whatever is granted. "
                    + "What takes that away:\n  gcloud lift\n"))
    }
}
