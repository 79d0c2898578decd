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

@Suite("The life of projects")
struct ProjectLifecycleTests {
    private let fixture = try? Fixture()

    private func installed() async throws -> (Fixture, ProjectRecord) {
        let fixture = try #require(fixture)
        return (fixture, try await fixture.install().project)
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
        let record = try #require(fixture.directory.state.project("demo"))
        #expect(record.displayName == "Another name")
        #expect(record.updatedAt > demo.updatedAt)
        for (name, wrong) in [("name", V1.with { $0.name = "x" }), ("labels", .with { $0.labels = ["X": ""] })] {
            var request = wrong
            request.projectID = "demo"
            let body = request
            let error = await refusal { let _: V1 = try await fixture.call("v1.Projects.UpdateProject", body) }
            #expect(error?.field == name)
        }
        project.parent.id = "1"
        let moved = project
        let error = await refusal { let _: V1 = try await fixture.call("v1.Projects.UpdateProject", moved) }
        #expect(error?.code == .permissionDenied)
        #expect(fixture.directory.state.project("demo") == record)
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
            #expect(error?.field == "update_mask")
        }
    }

    @Test("stops when it is marked for deletion: nothing works in it, and its jobs are ended")
    func stop() async throws {
        let (fixture, demo) = try await installed()
        try await fixture.deleteProject(demo.number)
        #expect(fixture.stopped.projects == ["demo"])
        let alice = Principal.user("alice@example.com")
        let job = Resource.other(
            service: "batch.googleapis.com", path: "projects/demo/locations/us-central1", project: "demo")
        let account = Resource.serviceAccount(email: demo.defaultServiceAccount, project: "demo")
        for (permission, resource) in [
            (Permission("batch.jobs.get"), job), ("logging.logEntries.list", .project("demo")),
            ("iam.serviceAccounts.actAs", account), ("serviceusage.services.enable", .project("demo")),
        ] {
            let decision = fixture.directory.decide(alice, permission, on: resource)
            guard case .denied(let denial) = decision else {
                Issue.record("\(permission) is allowed")
                continue
            }
            #expect(denial.cause == .projectDeleted(number: demo.number))
            let error = ServiceError.permissionDenied(denial)
            #expect(error.message == "Project #\(demo.number) has been deleted.")
            #expect((error.details.first as? Google_Rpc_ErrorInfo)?.reason == "CONSUMER_INVALID")
        }
        let stranger = fixture.directory.decide(
            .user("eve@other.org"), "batch.jobs.get", on: job)
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
        let early = await refusal { try await fixture.undeleteProject("demo") }
        #expect(early?.code == .failedPrecondition)
        try await fixture.deleteProject("demo")
        let twice = await refusal { try await fixture.deleteProject("demo") }
        #expect(twice?.code == .failedPrecondition)
        try await fixture.undeleteProject(demo.number)
        var expected = demo
        let record = try #require(fixture.directory.state.project("demo"))
        expected.updatedAt = record.updatedAt
        #expect(record == expected)
        let decision = fixture.directory.decide(
            .user("alice@example.com"), "batch.jobs.create", on: .project("demo"))
        #expect(decision.isAllowed)
    }

    @Test("ends and goes on only by those who may")
    func others() async throws {
        let (fixture, _) = try await installed()
        try await fixture.grant("roles/editor", to: "user:bob@example.com")
        let deletion = await refusal { try await fixture.deleteProject("demo", as: "bob@example.com") }
        #expect(deletion?.code == .permissionDenied)
        try await fixture.grant("roles/resourcemanager.projectDeleter", to: "user:carol@example.com")
        try await fixture.deleteProject("demo", as: "carol@example.com")
        for email in ["bob@example.com", "carol@example.com"] {
            let error = await refusal { try await fixture.undeleteProject("demo", as: email) }
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
