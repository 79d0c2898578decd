import Foundation
import Schema
import SwiftProtobuf
import TestSupport
import Testing

@Suite("gcloud projects create, update, delete and undelete", .needsRoot, .needsGcloud, .serialized)
struct GcloudProjectLifecycleTests {
    private func gcloud(
        _ server: LandfallServer, _ words: [String], as account: String? = nil
    ) async throws -> Program.Result {
        try await server.exec(["gcloud"] + words, as: account)
    }

    /// Runs gcloud, which must succeed, and returns what it prints, without white space around it.
    @discardableResult
    private func value(_ server: LandfallServer, _ words: String..., as account: String? = nil) async throws -> String {
        let result = try await gcloud(server, words, as: account)
        guard result.status == 0 else { throw TestFailure("gcloud \(words.joined(separator: " ")): \(result.errors)") }
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs gcloud, which must fail, and returns its complaint.
    private func refusal(
        _ server: LandfallServer, _ words: String..., as account: String? = nil
    ) async throws -> String {
        let result = try await gcloud(server, words, as: account)
        #expect(result.status == 1, "\(words.joined(separator: " ")): \(result.output)")
        return result.errors
    }

    @Test("a project is made, changed, deleted and taken up again, by id and by number")
    func life() async throws {
        try await LandfallServer.with { server in
            let made = try await gcloud(
                server, ["projects", "create", "second-one", "--name=The second", "--labels=team=one"])
            #expect(made.status == 0, "\(made.errors)")
            #expect(made.errors.contains("Enabling service [cloudapis.googleapis.com]"), "\(made.errors)")
            let number = try await value(server, "projects", "describe", "second-one", "--format=value(projectNumber)")
            let format = "--format=csv[no-heading](projectId,name,labels.team,lifecycleState)"
            #expect(
                try await value(server, "projects", "describe", number, format) == "second-one,The second,one,ACTIVE")

            try await value(server, "projects", "update", "second-one", "--name=The other")
            try await value(server, "alpha", "projects", "update", number, "--update-labels=team=two")
            #expect(
                try await value(server, "projects", "list", "--filter=labels.team=two AND name:The*", format)
                    == "second-one,The other,two,ACTIVE")
            #expect(try await refusal(server, "projects", "create", "second-one").contains("already in use"))
            #expect(try await refusal(server, "projects", "create", "my-ssl-one").contains("'ssl', which is reserved"))

            try await value(server, "projects", "delete", number, "--quiet")
            #expect(try await value(server, "projects", "list", "--format=value(projectId)") == "demo")
            let deleted = "--filter=lifecycleState:DELETE_REQUESTED"
            #expect(try await value(server, "projects", "list", deleted, "--format=value(projectId)") == "second-one")
            #expect(
                try await value(server, "projects", "describe", "second-one", format)
                    == "second-one,The other,two,DELETE_REQUESTED")
            #expect(
                try await refusal(server, "projects", "delete", "second-one", "--quiet").contains("inactive project"))
            #expect(try await refusal(server, "projects", "create", "second-one").contains("already in use"))
            #expect(
                try await refusal(server, "services", "enable", "run.googleapis.com", "--project=second-one")
                    .contains("Project #\(number) has been deleted."))
            #expect(
                try await refusal(server, "projects", "update", "second-one", "--name=The third")
                    .contains("marked for deletion"))

            try await value(server, "projects", "undelete", number)
            #expect(
                try await value(server, "projects", "describe", "second-one", format)
                    == "second-one,The other,two,ACTIVE")
        }
    }

    @Test("a new project runs jobs once Batch is enabled in it; a deleted one runs none, and keeps what it has")
    func jobs() async throws {
        try await LandfallServer.with { server in
            try await value(server, "projects", "create", "second-one")
            let jobs = "/v1/projects/second-one/locations/us-central1/jobs"
            let list = ["batch", "jobs", "list", "--location=us-central1", "--project=second-one", "--quiet"]
            let disabled = try await gcloud(server, list)
            #expect(disabled.status == 1)
            #expect(disabled.errors.contains("SERVICE_DISABLED"), "\(disabled.errors)")
            try await value(server, "services", "enable", "batch.googleapis.com", "--project=second-one")
            let submitted = try await server.call(
                "POST", "batch.googleapis.com", jobs + "?jobId=long", body: TestJob("sleep 600").json)
            #expect(submitted.status == 200, "\(submitted.body)")
            try await server.submit("other", TestJob("sleep 600"))

            try await value(server, "projects", "delete", "second-one", "--quiet")
            let refused = try await gcloud(server, list)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("has been deleted"), "\(refused.errors)")
            try await value(server, "projects", "undelete", "second-one")
            struct Job: Decodable { var status: Status }
            let job: Job = try await eventually("the job of the deleted project ends") {
                let job = try await server.call("GET", "batch.googleapis.com", jobs + "/long").decoded(Job.self)
                return job.status.isFinal ? job : nil
            }
            #expect(job.status.state == "CANCELLED")
            #expect(try await !server.status("other").isFinal)
        }
    }

    @Test("everyone of the organization's domain makes projects, each his own; others need the role")
    func creators() async throws {
        try await LandfallServer.with { server in
            try await server.landfall("login", "bob@example.com")
            try await server.landfall("login", "eve@other.org")
            try await server.landfall("login", "alice@example.com")
            let organization = try await value(server, "organizations", "list", "--format=value(name.basename())")
            try await value(server, "projects", "create", "bobs-own", as: "bob@example.com")
            let owner = try await value(
                server, "projects", "get-iam-policy", "bobs-own", "--format=json(bindings)", as: "bob@example.com")
            #expect(owner.contains("user:bob@example.com") && owner.contains("roles/owner"))
            #expect(
                try await value(server, "projects", "list", "--format=value(projectId)", as: "bob@example.com")
                    == "bobs-own")

            let parent = "--organization=\(organization)"
            let refused = try await refusal(server, "projects", "create", "eves-own", parent, as: "eve@other.org")
            #expect(refused.contains("resourcemanager.projects.create"), "\(refused)")
            try await value(
                server, "organizations", "add-iam-policy-binding", organization, "--member=user:eve@other.org",
                "--role=roles/resourcemanager.projectCreator", "--condition=None")
            try await value(server, "projects", "create", "eves-own", parent, as: "eve@other.org")
        }
    }

    @Test("policies of organizations are read and written")
    func organizations() async throws {
        try await LandfallServer.with { server in
            let id = try await value(server, "organizations", "list", "--format=value(name.basename())")
            #expect(try await value(server, "organizations", "list", "--format=value(displayName)") == "example.com")
            let policy = try await value(server, "organizations", "get-iam-policy", id, "--format=json")
            #expect(policy.contains("domain:example.com"))
            let file = try server.file("policy.json", policy)
            try await value(server, "organizations", "set-iam-policy", id, file, "--quiet")
            let stale = try await refusal(server, "organizations", "set-iam-policy", id, file, "--quiet")
            #expect(stale.contains("concurrent policy changes"), "\(stale)")
            let none = try server.file("none.json", #"{"bindings": []}"#)
            let locked = try await refusal(server, "organizations", "set-iam-policy", id, none, "--quiet")
            #expect(locked.contains("must keep a member"), "\(locked)")
        }
    }

    @Test("a condition that cannot be read is refused, and nothing kept; numbers stand for ids in every command")
    func conditionsAndNumbers() async throws {
        try await LandfallServer.with { server in
            let number = try await value(server, "projects", "describe", "demo", "--format=value(projectNumber)")
            let bob = "--member=user:bob@example.com"
            let role = "--role=roles/batch.jobsViewer"
            let before = try await value(server, "projects", "get-iam-policy", number)
            let refused = try await refusal(
                server, "projects", "add-iam-policy-binding", "demo", bob, role,
                "--condition=expression=request.time < ,title=soon")
            #expect(refused.contains(".condition.expression"), "\(refused)")
            #expect(try await value(server, "projects", "get-iam-policy", number) == before)
            try await value(
                server, "projects", "add-iam-policy-binding", "demo", bob, role,
                "--condition=expression=request.time < timestamp('2100-01-01T00:00:00Z'),title=soon")
            #expect(try await value(server, "projects", "get-iam-policy", number).contains("title: soon"))
            try await value(server, "projects", "remove-iam-policy-binding", "demo", bob, role, "--all")

            try await value(server, "projects", "add-iam-policy-binding", number, bob, role, "--condition=None")
            #expect(try await value(server, "projects", "get-iam-policy", "demo").contains("bob@example.com"))
            try await value(server, "projects", "remove-iam-policy-binding", number, bob, role, "--condition=None")
            #expect(try await !value(server, "projects", "get-iam-policy", "demo").contains("bob@example.com"))
            #expect(
                try await value(server, "projects", "get-ancestors", number, "--format=value(id)").hasPrefix("demo\n"))
            #expect(
                try await value(server, "projects", "list", "--filter=projectNumber=\(number)", "--format=value(name)")
                    == "demo")
        }
    }

    /// An operation of v3, over REST.
    private struct Operation: Decodable {
        struct Project: Decodable {
            var name: String
            var displayName: String
            var state: String
        }

        var name: String
        var done: Bool
        var response: Project
    }

    @Test("v3 makes, changes, deletes and restores projects over REST and gRPC")
    func v3() async throws {
        try await LandfallServer.with { server in
            let host = "cloudresourcemanager.googleapis.com"
            func call(_ method: String, _ path: String, _ body: String? = nil) async throws -> Operation {
                let operation = try await server.call(method, host, path, body: body).decoded(Operation.self)
                #expect(operation.done)
                return operation
            }
            let made = try await call("POST", "/v3/projects", #"{"projectId":"third-one","displayName":"Third"}"#)
            let name = made.response.name
            #expect(try await call("GET", "/v3/\(made.name)").response.name == name)
            let changed = try await call("PATCH", "/v3/\(name)?updateMask=displayName", #"{"displayName":"Other"}"#)
            #expect(changed.response.displayName == "Other")
            #expect(try await call("DELETE", "/v3/\(name)").response.state == "DELETE_REQUESTED")
            #expect(try await call("POST", "/v3/projects/third-one:undelete", "{}").response.state == "ACTIVE")

            let stranger = try Stranger(server: server, token: await server.token())
            let service = "google.cloud.resourcemanager.v3.Projects"
            let request = Google_Cloud_Resourcemanager_V3_CreateProjectRequest.with {
                $0.project.projectID = "fourth-one"
            }
            let bytes: [UInt8] = try request.serializedBytes()
            #expect(try await stranger.call(service, "CreateProject", bytes, host: host) == nil)
            let again = try await stranger.call(service, "CreateProject", bytes, host: host)
            #expect(again?.code == .alreadyExists)
            let search = try await server.call("GET", host, "/v3/projects:search?query=id:fourth-one")
            #expect(search.body.contains("fourth-one"), "\(search.body)")
        }
    }
}
