import Access
import Directory
import Methods
import Schema
import Testing

private typealias V1 = Google_Cloud_Resourcemanager_V1_Project
private typealias V3 = Google_Cloud_Resourcemanager_V3_Project

@Suite("Projects of Resource Manager")
struct ProjectsTests {
    private let fixture = try? Fixture()

    private func installed() async throws -> (Fixture, ProjectRecord) {
        let fixture = try #require(fixture)
        return (fixture, try await fixture.install().project)
    }

    @Test("are got by id and by number, in v1")
    func getV1() async throws {
        let (fixture, record) = try await installed()
        for id in ["demo", record.number] {
            let project: V1 = try await fixture.call(
                "v1.Projects.GetProject", Google_Cloud_Resourcemanager_V1_GetProjectRequest.with { $0.projectID = id })
            #expect(project.projectID == "demo")
            #expect(String(project.projectNumber) == record.number)
            #expect(project.lifecycleState == .active)
            #expect(project.parent.type == "organization")
            #expect(record.parent == .organization(project.parent.id))
            #expect(project.hasCreateTime)
        }
    }

    @Test("are got by id and by number, in v3")
    func getV3() async throws {
        let (fixture, record) = try await installed()
        for id in ["demo", record.number] {
            let project: V3 = try await fixture.call(
                "v3.Projects.GetProject",
                Google_Cloud_Resourcemanager_V3_GetProjectRequest.with { $0.name = "projects/\(id)" })
            #expect(project.name == "projects/\(record.number)")
            #expect(project.projectID == "demo")
            #expect(project.parent == record.parent.path)
            #expect(project.state == .active)
        }
    }

    @Test("look the same to a stranger whether they exist or not", arguments: ["demo", "nothing", "999999999999"])
    func forbidden(id: String) async throws {
        let (fixture, _) = try await installed()
        let error = await #expect(throws: ServiceError.self) {
            let _: V1 = try await fixture.call(
                "v1.Projects.GetProject", Google_Cloud_Resourcemanager_V1_GetProjectRequest.with { $0.projectID = id },
                as: "mallory@example.com")
        }
        #expect(error?.code == .permissionDenied)
        #expect(error?.message == "The caller does not have permission")
        let info = error?.details.first as? Google_Rpc_ErrorInfo
        #expect(info?.reason == "IAM_PERMISSION_DENIED")
        #expect(info?.metadata["permission"] == "resourcemanager.projects.get")
        let advice = error?.details.last as? Google_Rpc_LocalizedMessage
        #expect(
            advice?.message
                == "mallory@example.com lacks resourcemanager.projects.get on projects/\(id). "
                + "roles/browser, granted on projects/\(id), is the smallest role that has it.")
    }

    @Test("that do not exist are refused even to the owner of the organization")
    func unknown() async throws {
        let (fixture, _) = try await installed()
        let error = await #expect(throws: ServiceError.self) {
            let _: V1 = try await fixture.call(
                "v1.Projects.GetProject",
                Google_Cloud_Resourcemanager_V1_GetProjectRequest.with { $0.projectID = "nothing" })
        }
        #expect(error?.code == .permissionDenied)
    }

    private func list(
        _ fixture: Fixture, filter: String = "", size: Int32 = 0, token: String = "",
        as email: String = "alice@example.com"
    ) async throws -> Google_Cloud_Resourcemanager_V1_ListProjectsResponse {
        try await fixture.call(
            "v1.Projects.ListProjects",
            Google_Cloud_Resourcemanager_V1_ListProjectsRequest.with {
                $0.filter = filter
                $0.pageSize = size
                $0.pageToken = token
            }, as: email)
    }

    @Test(
        "are listed by the filters that gcloud sends, and by others",
        arguments: [
            ("", 3), ("lifecycleState:ACTIVE", 3), ("lifecycleState:ACTIVE AND (id:demo)", 1),
            ("lifecycleState:DELETE_REQUESTED", 0), ("id:d*", 2), ("id:*o*", 2), ("id=DEMO", 1), ("id:(demo other)", 2),
            ("id:demo OR id:other", 2), ("NOT id:demo", 2), ("-id:demo", 2), ("id!=demo", 2),
            ("name:demo parent.type:organization", 1), ("labels.team:*", 0), ("projectId:\"demo\"", 1),
            ("id:de*mo", 1), ("id:dem*emo", 0), ("parent.type:folder", 0), ("(id:demo OR id:other) AND id:other", 1),
        ])
    func filters(filter: String, count: Int) async throws {
        let (fixture, _) = try await installed()
        for id in ["other", "delta"] { _ = try await fixture.install(id) }
        #expect(try await list(fixture, filter: filter).projects.count == count)
    }

    @Test(
        "refuse filters that mean nothing",
        arguments: [
            "id", "id:", "(id:demo", "id:demo)", "id!demo", "!", "colour:red", "\"id:demo", ":demo", "AND", "NOT",
            String(repeating: "(", count: 2001), String(repeating: "(", count: 2000), "id:(demo",
            String(repeating: "NOT ", count: 499),
        ])
    func wrongFilters(filter: String) async throws {
        let (fixture, _) = try await installed()
        let error = await #expect(throws: ServiceError.self) { _ = try await list(fixture, filter: filter) }
        #expect(error?.code == .invalidArgument)
    }

    @Test("are listed page by page, each once, and only those that the caller may get")
    func pages() async throws {
        let (fixture, _) = try await installed()
        for id in ["other", "delta"] { _ = try await fixture.install(id) }
        let first = try await list(fixture, size: 2)
        #expect(first.projects.map(\.projectID) == ["delta", "demo"])
        let second = try await list(fixture, size: 2, token: first.nextPageToken)
        #expect(second.projects.map(\.projectID) == ["other"])
        #expect(second.nextPageToken.isEmpty)

        try await fixture.grant("roles/batch.jobsViewer", to: "user:bob@example.com")
        #expect(try await list(fixture, as: "bob@example.com").projects.map(\.projectID) == ["demo"])
        #expect(try await list(fixture, as: "eve@example.com").projects.isEmpty)
    }

    @Test("refuse a page token that is garbage or of another list, and a negative page size")
    func wrongPages() async throws {
        let (fixture, _) = try await installed()
        _ = try await fixture.install("other")
        let token = try await list(fixture, size: 1).nextPageToken
        #expect(!token.isEmpty)
        for (filter, size, token) in [("id:*", Int32(1), token), ("", 1, "garbage!"), ("", 1, "AAAA"), ("", -1, "")] {
            let error = await #expect(throws: ServiceError.self) {
                _ = try await list(fixture, filter: filter, size: size, token: token)
            }
            #expect(error?.code == .invalidArgument)
        }
    }

    @Test("have their organization as ancestor")
    func ancestry() async throws {
        let (fixture, record) = try await installed()
        let answer: Google_Cloud_Resourcemanager_V1_GetAncestryResponse = try await fixture.call(
            "v1.Projects.GetAncestry",
            Google_Cloud_Resourcemanager_V1_GetAncestryRequest.with { $0.projectID = "demo" })
        #expect(answer.ancestor.map(\.resourceID.type) == ["project", "organization"])
        #expect(answer.ancestor.first?.resourceID.id == "demo")
        #expect(answer.ancestor.last.map { Resource.organization($0.resourceID.id) } == record.parent)
    }

    @Test("that a search shows are looked at, for the audit logs of each; those that it does not show are not")
    func auditedSearch() async throws {
        let (fixture, _) = try await installed()
        for (email, expected) in [("alice@example.com", 1), ("eve@other.org", 0)] {
            let record = CallRecord()
            let found: Google_Cloud_Resourcemanager_V3_SearchProjectsResponse = try await fixture.call(
                "v3.Projects.SearchProjects", Google_Cloud_Resourcemanager_V3_SearchProjectsRequest(), as: email,
                record: record)
            #expect(found.projects.count == expected)
            #expect(record.checks.map(\.resource) == found.projects.map { .project($0.projectID) })
            #expect(record.checks.allSatisfy { $0.permission == "resourcemanager.projects.get" })
            #expect(record.refusal == nil)
        }
    }

    @Test("of v3 are listed by parent and searched by query")
    func listV3() async throws {
        let (fixture, record) = try await installed()
        let listed: Google_Cloud_Resourcemanager_V3_ListProjectsResponse = try await fixture.call(
            "v3.Projects.ListProjects",
            Google_Cloud_Resourcemanager_V3_ListProjectsRequest.with { $0.parent = record.parent.path })
        #expect(listed.projects.map(\.projectID) == ["demo"])
        let found: Google_Cloud_Resourcemanager_V3_SearchProjectsResponse = try await fixture.call(
            "v3.Projects.SearchProjects",
            Google_Cloud_Resourcemanager_V3_SearchProjectsRequest.with {
                $0.query = "parent:\(record.parent.path) state:ACTIVE"
            })
        #expect(found.projects == listed.projects)
        for parent in ["", "projects/demo", "organizations/", "organizations/1", "folders/1"] {
            let error = await #expect(throws: ServiceError.self) {
                let _: Google_Cloud_Resourcemanager_V3_ListProjectsResponse = try await fixture.call(
                    "v3.Projects.ListProjects",
                    Google_Cloud_Resourcemanager_V3_ListProjectsRequest.with { $0.parent = parent })
            }
            #expect(error?.code == (parent.hasSuffix("/1") ? .permissionDenied : .invalidArgument))
        }
    }

    @Test("lie in an organization that the people of its domain see, in v1 and v3")
    func organizations() async throws {
        let (fixture, record) = try await installed()
        let name = record.parent.path
        let one: Google_Cloud_Resourcemanager_V1_Organization = try await fixture.call(
            "v1.Organizations.GetOrganization",
            Google_Cloud_Resourcemanager_V1_GetOrganizationRequest.with { $0.name = name })
        #expect(one.displayName == "example.com")
        let three: Google_Cloud_Resourcemanager_V3_Organization = try await fixture.call(
            "v3.Organizations.GetOrganization",
            Google_Cloud_Resourcemanager_V3_GetOrganizationRequest.with { $0.name = name })
        #expect(three.name == one.name)
        for (email, filter, count) in [
            ("alice@example.com", "", 1), ("alice@example.com", "domain:example.com", 1),
            ("alice@example.com", "domain:other.org", 0), ("bob@example.com", "", 1), ("eve@other.org", "", 0),
        ] {
            let found: Google_Cloud_Resourcemanager_V1_SearchOrganizationsResponse = try await fixture.call(
                "v1.Organizations.SearchOrganizations",
                Google_Cloud_Resourcemanager_V1_SearchOrganizationsRequest.with { $0.filter = filter }, as: email)
            #expect(found.organizations.count == count)
            let searched: Google_Cloud_Resourcemanager_V3_SearchOrganizationsResponse = try await fixture.call(
                "v3.Organizations.SearchOrganizations",
                Google_Cloud_Resourcemanager_V3_SearchOrganizationsRequest.with { $0.query = filter }, as: email)
            #expect(searched.organizations.count == count)
        }
    }
}
