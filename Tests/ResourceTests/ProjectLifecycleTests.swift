import Access
import Methods
import Schema
import Store
import SwiftProtobuf
import Testing

private typealias V1 = Google_Cloud_Resourcemanager_V1_Project
private typealias V3 = Google_Cloud_Resourcemanager_V3_Project
private typealias Operation = Google_Longrunning_Operation

@Suite("The life of projects")
struct ProjectLifecycleTests {
    private let fixture = try? Fixture()

    private func installed() async throws -> (Fixture, ProjectRecord) {
        let fixture = try #require(fixture)
        return (fixture, try await fixture.install().project)
    }

    @discardableResult
    private func create(
        _ fixture: Fixture, _ id: String = "second", as email: String = "alice@example.com",
        _ more: (inout V1) -> Void = { _ in }
    ) async throws -> V1 {
        var request = V1.with { $0.projectID = id }
        more(&request)
        let operation: Operation = try await fixture.call("v1.Projects.CreateProject", request, as: email)
        #expect(operation.done)
        return try V1(unpackingAny: operation.response)
    }

    private func delete(_ fixture: Fixture, _ id: String, as email: String = "alice@example.com") async throws {
        let _: Google_Protobuf_Empty = try await fixture.call(
            "v1.Projects.DeleteProject",
            Google_Cloud_Resourcemanager_V1_DeleteProjectRequest.with { $0.projectID = id }, as: email)
    }

    private func undelete(_ fixture: Fixture, _ id: String, as email: String = "alice@example.com") async throws {
        let _: Google_Protobuf_Empty = try await fixture.call(
            "v1.Projects.UndeleteProject",
            Google_Cloud_Resourcemanager_V1_UndeleteProjectRequest.with { $0.projectID = id }, as: email)
    }

    private func refusal(_ body: () async throws -> Void) async -> ServiceError? {
        await #expect(throws: ServiceError.self) { try await body() }
    }

    private func field(_ error: ServiceError?) -> String? {
        (error?.details.last as? Google_Rpc_BadRequest)?.fieldViolations.first?.field
    }

    @Test("begins in the caller's organization, with a number, services, and the caller as its owner")
    func begin() async throws {
        let (fixture, demo) = try await installed()
        let project = try await create(fixture, as: "bob@example.com") {
            $0.name = "The \"2nd\" project!"
            $0.labels = ["team": "one", "empty": ""]
        }
        #expect(project.lifecycleState == .active)
        #expect(project.name == "The \"2nd\" project!")
        #expect(project.labels == ["team": "one", "empty": ""])
        #expect("organizations/\(project.parent.id)" == demo.parent.path)
        let record = try #require(try await fixture.store.project("second"))
        #expect(record.number.wholeMatch(of: /[1-9][0-9]{11}/) != nil)
        #expect(String(project.projectNumber) == record.number)
        let owners = [Binding(role: "roles/owner", members: ["user:bob@example.com"])]
        #expect(try await fixture.store.policy(of: .project("second")).bindings == owners)
        let services = try await fixture.store.enabledServices(project: "second")
        #expect(services.contains("serviceusage.googleapis.com"))
        #expect(!services.contains("batch.googleapis.com"))
        #expect(try await fixture.store.serviceAccount(record.defaultServiceAccount) != nil)
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
        let error = await refusal { try await create(fixture, id) }
        #expect(error?.code == .invalidArgument)
        #expect(field(error) == "project_id")
        #expect(try await fixture.store.projects(after: nil, limit: 9).map(\.id) == ["demo"])
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
            try await create(fixture) { project in
                project = wrong
                project.projectID = "second"
            }
        }
        #expect(error?.code == .invalidArgument)
        #expect(field(error) == name)
        #expect(try await fixture.store.project("second") == nil)
    }

    @Test("begins only for those who may create projects where it is to lie")
    func forbidden() async throws {
        let (fixture, demo) = try await installed()
        let organization = demo.parent
        let outsider = await refusal { try await create(fixture, as: "eve@other.org") }
        #expect(outsider?.code == .invalidArgument)
        #expect(field(outsider) == "parent")
        for (type, id) in [("organization", "1"), ("folder", "1")] {
            let nowhere = await refusal {
                try await create(fixture) { $0.parent = .with { ($0.type, $0.id) = (type, id) } }
            }
            #expect(nowhere?.code == .permissionDenied)
        }
        let number = organization.path.split(separator: "/").last.map(String.init) ?? ""
        let stranger = await refusal {
            try await create(fixture, as: "eve@other.org") {
                $0.parent = .with { ($0.type, $0.id) = ("organization", number) }
            }
        }
        #expect(stranger?.code == .permissionDenied)

        let bindings = try await fixture.store.policy(of: organization).bindings
        _ = try await fixture.store.setPolicy(
            bindings.filter { $0.role != "roles/resourcemanager.projectCreator" }, of: organization, ifMatches: nil)
        let administrator = await refusal { try await create(fixture) }
        #expect(administrator?.code == .permissionDenied)
        let info = administrator?.details.first as? Google_Rpc_ErrorInfo
        #expect(info?.metadata["permission"] == "resourcemanager.projects.create")
    }

    @Test("does not begin with an id that was ever taken")
    func taken() async throws {
        let (fixture, _) = try await installed()
        try await create(fixture, as: "bob@example.com")
        for _ in 0..<2 {
            let error = await refusal { try await create(fixture) }
            #expect(error?.code == .alreadyExists)
            try? await delete(fixture, "second", as: "bob@example.com")
        }
        #expect(try await fixture.store.project("second")?.isActive == false)
    }

    @Test("goes on with another name and other labels, in v1")
    func updateV1() async throws {
        let (fixture, demo) = try await installed()
        var project: V1 = try await fixture.call(
            "v1.Projects.GetProject", Google_Cloud_Resourcemanager_V1_GetProjectRequest.with { $0.projectID = "demo" })
        project.name = "Another name"
        project.labels = ["team": "two"]
        let changed: V1 = try await fixture.call("v1.Projects.UpdateProject", project)
        #expect(changed == project)
        let record = try #require(try await fixture.store.project("demo"))
        #expect(record.displayName == "Another name")
        #expect(record.updatedAt > demo.updatedAt)
        for (name, wrong) in [("name", V1.with { $0.name = "x" }), ("labels", .with { $0.labels = ["X": ""] })] {
            var request = wrong
            request.projectID = "demo"
            let body = request
            let error = await refusal { let _: V1 = try await fixture.call("v1.Projects.UpdateProject", body) }
            #expect(field(error) == name)
        }
        project.parent.id = "1"
        let moved = project
        let error = await refusal { let _: V1 = try await fixture.call("v1.Projects.UpdateProject", moved) }
        #expect(field(error) == "parent")
        #expect(try await fixture.store.project("demo") == record)
    }

    private func updateV3(_ fixture: Fixture, _ mask: [String], _ change: (inout V3) -> Void) async throws -> V3 {
        var request = Google_Cloud_Resourcemanager_V3_UpdateProjectRequest()
        request.project.name = "projects/demo"
        request.updateMask.paths = mask
        change(&request.project)
        let operation: Operation = try await fixture.call("v3.Projects.UpdateProject", request)
        return try V3(unpackingAny: operation.response)
    }

    @Test("goes on with what the mask names, in v3, as long as nobody else has changed it")
    func updateV3() async throws {
        let (fixture, _) = try await installed()
        let first = try await updateV3(fixture, ["labels"]) {
            $0.labels = ["team": "one"]
            $0.displayName = "ignored"
        }
        #expect((first.displayName, first.labels) == ("demo", ["team": "one"]))
        let second = try await updateV3(fixture, []) { project in
            project.displayName = "A name"
            project.etag = first.etag
        }
        #expect((second.displayName, second.labels) == ("A name", ["team": "one"]))
        #expect(second.etag != first.etag)
        let third = try await updateV3(fixture, ["*"]) { $0.displayName = "Name" }
        #expect((third.displayName, third.labels) == ("Name", [:]))
        let stale = await refusal {
            _ = try await updateV3(fixture, ["display_name"]) { project in
                project.displayName = "Other"
                project.etag = first.etag
            }
        }
        #expect(stale?.code == .aborted)
        for path in ["parent", "project_id", "state", "labels.team"] {
            let error = await refusal { _ = try await updateV3(fixture, [path]) { _ in } }
            #expect(field(error) == "update_mask")
        }
    }

    @Test("stops when it is marked for deletion: nothing works in it, and its jobs are ended")
    func stop() async throws {
        let (fixture, demo) = try await installed()
        try await delete(fixture, demo.number)
        #expect(fixture.stopped.projects == ["demo"])
        let alice = Principal.user("alice@example.com")
        let job = Resource.other(
            service: "batch.googleapis.com", path: "projects/demo/locations/us-central1", project: "demo")
        let account = Resource.serviceAccount(email: demo.defaultServiceAccount, project: "demo")
        for (permission, resource) in [
            (Permission("batch.jobs.get"), job), ("logging.logEntries.list", .project("demo")),
            ("iam.serviceAccounts.actAs", account), ("serviceusage.services.enable", .project("demo")),
        ] {
            let decision = try await fixture.store.decide(alice, permission, on: resource, roles: .predefined)
            guard case .denied(let denial) = decision else {
                Issue.record("\(permission) is allowed")
                continue
            }
            #expect(denial.cause == .projectDeleted(number: demo.number))
            let error = ServiceError.permissionDenied(denial)
            #expect(error.message == "Project #\(demo.number) has been deleted.")
            #expect((error.details.first as? Google_Rpc_ErrorInfo)?.reason == "CONSUMER_INVALID")
        }
        let stranger = try await fixture.store.decide(
            .user("eve@other.org"), "batch.jobs.get", on: job, roles: .predefined)
        if case .denied(let denial) = stranger { #expect(denial.cause == .notGranted) }
        let update = await refusal { _ = try await updateV3(fixture, ["labels"]) { _ in } }
        #expect(update?.code == .failedPrecondition)
        let policy = await refusal {
            let _: Google_Iam_V1_Policy = try await fixture.call(
                "v1.Projects.SetIamPolicy",
                Google_Iam_V1_SetIamPolicyRequest.with {
                    $0.resource = "demo"
                    $0.policy = .init()
                })
        }
        #expect(policy?.code == .failedPrecondition)
    }

    @Test("goes on as it was when it is taken up again")
    func again() async throws {
        let (fixture, demo) = try await installed()
        let early = await refusal { try await undelete(fixture, "demo") }
        #expect(early?.code == .failedPrecondition)
        try await delete(fixture, "demo")
        let twice = await refusal { try await delete(fixture, "demo") }
        #expect(twice?.code == .failedPrecondition)
        try await undelete(fixture, demo.number)
        var expected = demo
        let record = try #require(try await fixture.store.project("demo"))
        expected.updatedAt = record.updatedAt
        #expect(record == expected)
        let decision = try await fixture.store.decide(
            .user("alice@example.com"), "batch.jobs.create", on: .project("demo"), roles: .predefined)
        #expect(decision.isAllowed)
    }

    @Test("ends and goes on only by those who may")
    func others() async throws {
        let (fixture, _) = try await installed()
        try await fixture.grant("roles/editor", to: "user:bob@example.com")
        let deletion = await refusal { try await delete(fixture, "demo", as: "bob@example.com") }
        #expect(deletion?.code == .permissionDenied)
        try await fixture.grant("roles/resourcemanager.projectDeleter", to: "user:carol@example.com")
        try await delete(fixture, "demo", as: "carol@example.com")
        for email in ["bob@example.com", "carol@example.com"] {
            let error = await refusal { try await undelete(fixture, "demo", as: email) }
            #expect(error?.code == .permissionDenied)
        }
    }

    @Test("ends in v3 with an operation, and a second time without an error")
    func deleteV3() async throws {
        let (fixture, demo) = try await installed()
        for _ in 0..<2 {
            let operation: Operation = try await fixture.call(
                "v3.Projects.DeleteProject",
                Google_Cloud_Resourcemanager_V3_DeleteProjectRequest.with { $0.name = "projects/demo" })
            let project = try V3(unpackingAny: operation.response)
            #expect(project.state == .deleteRequested)
            #expect(project.hasDeleteTime)
        }
        for (isShown, count) in [(false, 0), (true, 1)] {
            let list: Google_Cloud_Resourcemanager_V3_ListProjectsResponse = try await fixture.call(
                "v3.Projects.ListProjects",
                Google_Cloud_Resourcemanager_V3_ListProjectsRequest.with {
                    $0.parent = demo.parent.path
                    $0.showDeleted = isShown
                })
            #expect(list.projects.count == count)
        }
        for (filter, count) in [("", 1), ("lifecycleState:ACTIVE", 0), ("lifecycleState:DELETE_REQUESTED", 1)] {
            let list: Google_Cloud_Resourcemanager_V1_ListProjectsResponse = try await fixture.call(
                "v1.Projects.ListProjects",
                Google_Cloud_Resourcemanager_V1_ListProjectsRequest.with { $0.filter = filter })
            #expect(list.projects.count == count)
        }
        let restored: Operation = try await fixture.call(
            "v3.Projects.UndeleteProject",
            Google_Cloud_Resourcemanager_V3_UndeleteProjectRequest.with { $0.name = "projects/demo" })
        #expect(try V3(unpackingAny: restored.response).state == .active)
    }

    @Test("has operations that can be asked for again by those who see the project")
    func operations() async throws {
        let (fixture, demo) = try await installed()
        func operation(_ name: String, as email: String = "alice@example.com") async throws -> Operation {
            try await fixture.call(
                "google.longrunning.Operations.GetOperation",
                Google_Longrunning_GetOperationRequest.with { $0.name = name }, as: email,
                at: "cloudresourcemanager.googleapis.com")
        }
        for verb in ["cp", "up", "dp", "un"] {
            let found = try await operation("operations/\(verb).\(demo.number)")
            #expect(found.done)
            #expect(try V3(unpackingAny: found.response).projectID == "demo")
        }
        for name in ["operations/x", "operations/xx.1", "operations/cp.demo", "operations/cp."] {
            let error = await refusal { _ = try await operation(name) }
            #expect(error?.code == .notFound)
        }
        for (number, email) in [("1", "alice@example.com"), (demo.number, "eve@other.org")] {
            let error = await refusal { _ = try await operation("operations/cp.\(number)", as: email) }
            #expect(error?.code == .permissionDenied)
        }
    }
}
