import Access
import Testing

extension AccessIndexTests {
    private func audited(_ type: AuditConfig.LogType, service: String = "allServices", except: [String] = []) -> Policy
    {
        Policy(auditConfigs: [AuditConfig(service: service, logs: [.init(type, exemptedMembers: except)])])
    }

    @Test("is logged where a policy on the way up asks for it, for this service or for all")
    func auditConfigs() throws {
        var index = try index()
        let job = Resource.other(
            service: "batch.googleapis.com", path: "projects/123/locations/l", project: "123")
        func isLogged(_ type: AuditConfig.LogType, _ service: String = "batch.googleapis.com") -> Bool {
            index.logs(type, of: service, by: alice, on: job)
        }
        #expect(!isLogged(.adminRead))
        #expect(!index.logsMoreThanChanges)
        index.setPolicy(audited(.adminRead, service: "batch.googleapis.com"), of: .folder("10"))
        #expect(isLogged(.adminRead))
        #expect(!isLogged(.dataRead))
        #expect(!isLogged(.adminRead, "run.googleapis.com"))
        index.setPolicy(audited(.dataRead), of: .organization("1"))
        #expect(isLogged(.dataRead, "run.googleapis.com"))
        #expect(!index.logs(.adminRead, of: "batch.googleapis.com", by: alice, on: .project("other")))
        #expect(!index.logs(.dataRead, of: "batch.googleapis.com", by: alice, on: .project("nowhere")))
        #expect(index.logsMoreThanChanges)
        for container in [Resource.folder("10"), .organization("1")] { index.setPolicy(Policy(), of: container) }
        #expect(!index.logsMoreThanChanges)
    }

    @Test(
        "is not logged for those who are exempt, by name, by group or by domain",
        arguments: ["user:alice@example.com", "group:team@example.com", "domain:example.com"])
    func exemptions(member: String) throws {
        var index = try index()
        try index.setGroup("team@example.com", members: [.group("inner@example.com")])
        try index.setGroup("inner@example.com", members: [.user("alice@example.com")])
        index.setPolicy(audited(.adminRead, except: [member]), of: project)
        #expect(!index.logs(.adminRead, of: "batch.googleapis.com", by: alice, on: project))
        #expect(index.logs(.adminRead, of: "batch.googleapis.com", by: .user("eve@example.org"), on: project))
        // What the organization wants to see, a project cannot hide.
        index.setPolicy(audited(.adminRead), of: .organization("1"))
        #expect(index.logs(.adminRead, of: "batch.googleapis.com", by: alice, on: project))
    }

    @Test("tells what exists from what does not")
    func existence() throws {
        let index = try index()
        for container in [Resource.project("demo"), .folder("10"), .organization("1")] {
            #expect(index.exists(container))
        }
        #expect(!index.exists(.project("nowhere")))
        #expect(!index.exists(.folder("11")))
    }
}
