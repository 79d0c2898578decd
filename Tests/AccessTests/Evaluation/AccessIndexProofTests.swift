import FoundationEssentials
import Testing

@testable import Access

extension AccessIndexTests {
    @Test("comes with the grants that would help, the smallest first, and what came near")
    func explained() throws {
        var index = try index()
        try index.setGroup("team@example.com", members: [.user("bob@example.com")])
        index.setPolicy(grant("roles/batch.jobsEditor", to: "group:team@example.com"), of: project)
        index.setPolicy(grant("roles/batch.jobsEditor", to: "user:alice@example.com"), of: .project("other"))
        index.setPolicy(grant("roles/batch.jobsViewer", to: "user:alice@example.com"), of: .folder("10"))
        let proof = index.explain(alice, "batch.jobs.create", on: project, in: now)
        guard case .denied(let denial) = proof.decision else {
            Issue.record("allowed")
            return
        }
        #expect(denial.remedies.first == Remedy(role: "roles/batch.jobsEditor", on: project))
        #expect(
            proof.nearMisses == [
                .group("team@example.com", role: "roles/batch.jobsEditor", on: project),
                .elsewhere(role: "roles/batch.jobsEditor", on: .project("other")),
                .otherRole("roles/batch.jobsViewer", on: .folder("10")),
            ])
        #expect(proof.bindings.map(\.boundOn) == [project, .folder("10")])
        #expect(proof.bindings.map(\.containsPermission) == [true, false])
        #expect(proof.bindings.map { $0.member != nil } == [false, true])
    }

    @Test("follows a custom role as it changes, and is never helped by one of another project")
    func customRoles() throws {
        var index = try index()
        let name = CustomRole.Name(.project("other"), "mine")
        func role(_ permission: Permission, stage: LaunchStage = .generalAvailability) -> CustomRole {
            CustomRole(name: name, title: "Mine", about: "", stage: stage, permissions: [permission], etag: Data())
        }
        index.setPolicy(grant(name.text, to: "user:alice@example.com"), of: .project("other"))
        func isAllowed() -> Bool { index.decide(alice, "batch.jobs.get", on: .project("other"), in: now).isAllowed }
        #expect(!isAllowed())
        index.setRole(role("batch.jobs.get"))
        #expect(isAllowed())
        index.setRole(role("batch.jobs.list"))
        #expect(!isAllowed())
        index.setRole(role("batch.jobs.get", stage: .disabled))
        #expect(!isAllowed())
        index.setRole(role("batch.jobs.get"))
        for (place, isProposed) in [(project, false), (.project("other"), true)] {
            let proof = index.explain(.user("bob@example.com"), "batch.jobs.get", on: place, in: now)
            guard case .denied(let denial) = proof.decision else {
                Issue.record("allowed")
                return
            }
            #expect(denial.remedies.contains { $0.role == name.text } == isProposed)
        }
        index.removeRole(name)
        #expect(!isAllowed())
    }
}
