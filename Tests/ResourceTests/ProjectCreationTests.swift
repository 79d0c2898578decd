import Access
import Directory
import DirectorySupport
import Methods
import Schema
import SwiftProtobuf
import Testing

private typealias V1 = Google_Cloud_Resourcemanager_V1_Project
private typealias V3 = Google_Cloud_Resourcemanager_V3_Project
private typealias Operation = Google_Longrunning_Operation

@Suite("A new project")
struct ProjectCreationTests {
    private let fixture = try? Fixture()

    private func installed() async throws -> (Fixture, ProjectRecord) {
        let fixture = try #require(fixture)
        return (fixture, try await fixture.install().project)
    }

    @Test("begins in the caller's organization, with a number, services, and the caller as its owner")
    func begin() async throws {
        let (fixture, demo) = try await installed()
        let project = try await fixture.createProject(as: "bob@example.com") {
            $0.name = "The \"2nd\" project!"
            $0.labels = ["team": "one", "empty": ""]
        }
        #expect(project.lifecycleState == .active)
        #expect(project.name == "The \"2nd\" project!")
        #expect(project.labels == ["team": "one", "empty": ""])
        #expect("organizations/\(project.parent.id)" == demo.parent.path)
        let record = try #require(fixture.directory.state.project("second"))
        #expect(record.number.wholeMatch(of: /[1-9][0-9]{11}/) != nil)
        #expect(String(project.projectNumber) == record.number)
        let owners = [Binding(role: "roles/owner", members: ["user:bob@example.com"])]
        #expect(fixture.directory.state.policy(of: .project("second")).bindings == owners)
        let services = try #require(fixture.directory.state.services["second"]).names
        #expect(services.contains("serviceusage.googleapis.com"))
        #expect(!services.contains("batch.googleapis.com"))
        #expect(fixture.directory.state.serviceAccount(record.defaultServiceAccount) == nil)
        let _: Google_Longrunning_Operation = try await fixture.call(
            "EnableService",
            Google_Api_Serviceusage_V1_EnableServiceRequest.with {
                $0.name = "projects/second/services/batch.googleapis.com"
            }, as: "bob@example.com")
        #expect(fixture.directory.state.serviceAccount(record.defaultServiceAccount) != nil)
    }

    @Test("begins under a parent that is named, with the id for a name")
    func parent() async throws {
        let (fixture, demo) = try await installed()
        let operation: Operation = try await fixture.call(
            "v3.Projects.CreateProject",
            Google_Cloud_Resourcemanager_V3_CreateProjectRequest.with {
                $0.project.projectID = "second"
                $0.project.parent = demo.parent.path
            })
        let project = try V3(unpackingAny: operation.response)
        #expect(project.parent == demo.parent.path)
        #expect(project.displayName == "second")
        #expect(try Google_Cloud_Resourcemanager_V3_CreateProjectMetadata(unpackingAny: operation.metadata).ready)
    }

    @Test(
        "does not begin with an id that breaks Google's rules",
        arguments: [
            "", "demo2", "Second", "1second", "second-", "sec ond", "sécond", "second/x", "a-google-one", "my-ssl-test",
            "nullify", "undefined", String(repeating: "a", count: 31), "domain.com:second",
        ])
    func wrongID(id: String) async throws {
        let (fixture, _) = try await installed()
        let error = await refusal { try await fixture.createProject(id) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.field == "project_id")
        #expect(fixture.directory.state.projects.sorted.map(\.id) == ["demo"])
    }

    @Test(
        "does not begin with a name, labels or a parent that cannot be",
        arguments: [
            ("name", V1.with { $0.name = "abc" }), ("name", .with { $0.name = "Foo & Bar" }),
            ("name", .with { $0.name = String(repeating: "a", count: 31) }),
            ("labels", .with { $0.labels = ["Team": "one"] }), ("labels", .with { $0.labels = ["1": "one"] }),
            ("labels", .with { $0.labels = ["": "one"] }), ("labels", .with { $0.labels = ["team": "One"] }),
            ("labels", .with { $0.labels = ["team": String(repeating: "a", count: 64)] }),
            (
                "labels",
                .with { project in for number in 0..<65 { project.labels["l\(number)"] = "" } }
            ),
            ("parent.type", .with { $0.parent.type = "project" }),
            ("parent.id", .with { $0.parent.type = "organization" }),
        ])
    private func wrongFields(name: String, wrong: V1) async throws {
        let (fixture, _) = try await installed()
        let error = await refusal {
            try await fixture.createProject { project in
                project = wrong
                project.projectID = "second"
            }
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.field == name)
        #expect(fixture.directory.state.project("second") == nil)
    }

    @Test("begins only for those who may create projects where it is to lie")
    func forbidden() async throws {
        let (fixture, demo) = try await installed()
        let organization = demo.parent
        let outsider = await refusal { try await fixture.createProject(as: "eve@other.org") }
        #expect(outsider?.code == .invalidArgument)
        #expect(outsider?.field == "parent")
        for (type, id) in [("organization", "1"), ("folder", "1")] {
            let nowhere = await refusal {
                try await fixture.createProject { $0.parent = .with { ($0.type, $0.id) = (type, id) } }
            }
            #expect(nowhere?.code == .permissionDenied)
        }
        let number = organization.path.split(separator: "/").last.map(String.init) ?? ""
        let stranger = await refusal {
            try await fixture.createProject(as: "eve@other.org") {
                $0.parent = .with { ($0.type, $0.id) = ("organization", number) }
            }
        }
        #expect(stranger?.code == .permissionDenied)

        let bindings = fixture.directory.state.policy(of: organization).bindings
        try await fixture.directory.setBindings(
            bindings.filter { $0.role != "roles/resourcemanager.projectCreator" }, of: organization)
        let administrator = await refusal { try await fixture.createProject() }
        #expect(administrator?.code == .permissionDenied)
        let info = administrator?.details.first as? Google_Rpc_ErrorInfo
        #expect(info?.metadata["permission"] == "resourcemanager.projects.create")
    }

    @Test("does not begin with an id that was ever taken")
    func taken() async throws {
        let (fixture, _) = try await installed()
        try await fixture.createProject(as: "bob@example.com")
        for _ in 0..<2 {
            let error = await refusal { try await fixture.createProject() }
            #expect(error?.code == .alreadyExists)
            try? await fixture.deleteProject("second", as: "bob@example.com")
        }
        #expect(fixture.directory.state.project("second")?.isActive == false)
    }
}
