import Access
import Directory
import DirectorySupport
import Foundation
import Methods
import Schema
import SwiftProtobuf
import Testing

@testable import CloudRun

@Suite("Who may do what with Cloud Run jobs")
struct PermissionTests {
    /// What the roles of Cloud Run allow: R run, O run with overrides, C cancel, W create, change and delete, P set the
    /// policy, V read.
    @Test(
        "The roles allow what the public data says",
        arguments: [
            ("roles/run.invoker", "R"), ("roles/run.jobsExecutor", "RC"),
            ("roles/run.jobsExecutorWithOverrides", "ROC"),
            ("roles/run.developer", "ROCWV"), ("roles/run.editor", "ROCWV"), ("roles/run.admin", "ROCWPV"),
            ("roles/run.viewer", "V"), ("roles/run.sourceDeveloper", "ROCWV"), ("roles/run.builder", ""),
            ("roles/run.servicesInvoker", ""), ("roles/run.sourceViewer", "V"), ("roles/viewer", "V"),
            ("roles/editor", "ROCWV"), ("roles/owner", "ROCWPV"),
        ])
    func roles(_ role: String, _ letters: String) async throws {
        guard RoleCatalog.predefined[role] != nil else { return }
        let world = try await World(alice: [])
        let owner = Principal.user("owner@example.com")
        try await world.directory.grant("roles/owner", to: "user:owner@example.com")
        try await world.directory.grant("roles/iam.serviceAccountUser", to: "user:alice@example.com")
        world.caller = owner
        try await world.create()
        let execution = try await world.start()
        world.caller = World.alice
        try await world.directory.grant(role, to: "user:alice@example.com")
        var allowed = ""
        if try await may({ _ = try await world.run() }) { allowed += "R" }
        if try await may({ _ = try await world.run(overrides: #"{"taskCount":2}"#) }) { allowed += "O" }
        if try await may({ _ = try await world.cancel(execution) }) { allowed += "C" }
        if try await may({ _ = try await world.update(World.job()) }) { allowed += "W" }
        if try await may({ try await setPolicy(world) }) { allowed += "P" }
        if try await may({ _ = try await world.job() }) { allowed += "V" }
        #expect(allowed == letters)
    }

    private func may(_ call: () async throws -> Void) async throws -> Bool {
        do {
            try await call()
            return true
        } catch let error as ServiceError where error.code == .permissionDenied {
            return false
        }
    }

    private func setPolicy(_ world: World, on job: String = "report") async throws {
        _ = try await world.call(
            "google.cloud.run.v2.Jobs.SetIamPolicy",
            Google_Iam_V1_SetIamPolicyRequest.with {
                $0.resource = "\(World.parent)/jobs/\(job)"
                $0.policy.bindings = [
                    .with {
                        $0.role = "roles/run.invoker"
                        $0.members = ["user:alice@example.com"]
                    }
                ]
            }, as: Google_Iam_V1_Policy.self)
    }

    @Test("Refusals name the permission and the resource, in the words of the version, and tell nothing else")
    func words() async throws {
        let world = try await World(alice: [])
        let second = await #expect(throws: ServiceError.self) { try await world.run() }
        #expect(
            second?.message == "Permission 'run.jobs.run' denied on resource "
                + "'projects/demo/locations/us-central1/jobs/report' (or resource may not exist).")
        let first = await #expect(throws: ServiceError.self) { try await world.createV1(World.jobV1()) }
        #expect(
            first?.message
                == "Permission 'run.jobs.create' denied on resource 'namespaces/demo/jobs/report' (or resource may not "
                + "exist).")
    }

    @Test("An execution is refused alike whether or not it exists, for those who may not see it")
    func existence() async throws {
        let world = try await World(alice: [])
        try await world.directory.grant("roles/owner", to: "user:owner@example.com")
        world.caller = .user("owner@example.com")
        try await world.create()
        let id = try await world.start()
        world.caller = World.alice
        func refusal(_ id: String) async throws -> String {
            let error = try #require(
                await #expect(throws: ServiceError.self) { try await world.executionV1(id) })
            var options = JSONEncodingOptions()
            options.useDeterministicOrdering = true
            let details = error.details.map { (try? $0.jsonString(options: options)) ?? "" }
            return "\(error.code) \(error.message) \(details)".replacing(id, with: "X")
        }
        #expect(try await refusal(id) == refusal("report-zzzzz"))
    }

    @Test("What is granted on one job holds for its executions and tasks, in both versions, and for no other job")
    func ownPolicy() async throws {
        let world = try await World(alice: [])
        try await world.directory.grant("roles/owner", to: "user:owner@example.com")
        world.caller = .user("owner@example.com")
        for id in ["report", "other"] { try await world.create(id: id) }
        let (own, foreign) = (try await world.start(), try await world.start("other"))
        try await world.directory.grant(
            "roles/run.developer", to: "user:alice@example.com",
            on: .job("report", location: "us-central1", project: "demo"))
        world.caller = World.alice
        _ = try await world.execution(own)
        _ = try await world.executionV1(own)
        _ = try await world.taskV1("\(own)-task0")
        #expect(try await world.executionsV1("run.googleapis.com/job=report").items.count == 1)
        #expect(try await world.tasksV1("run.googleapis.com/execution=\(own)").items.count == 1)
        _ = try await world.cancelV1(own)
        for call in [
            { _ = try await world.executionV1(foreign) }, { _ = try await world.taskV1("\(foreign)-task0") },
            { _ = try await world.executionsV1() },
            { _ = try await world.executionsV1("run.googleapis.com/job=other") },
            { _ = try await world.tasksV1("run.googleapis.com/execution=\(foreign)") },
            { _ = try await world.execution(foreign, of: "other") }, { _ = try await world.jobsV1() },
            { _ = try await world.cancelV1(foreign) }, { _ = try await world.deleteV1("other") },
        ] as [() async throws -> Void] {
            #expect(try await may(call) == false)
        }
    }

    @Test("Overrides take a permission of their own")
    func overrides() async throws {
        let world = try await World()
        try await world.create()
        try await world.directory.setBindings(
            [Binding(role: "roles/run.jobsExecutor", members: ["user:alice@example.com"])], of: .project("demo"))
        _ = try await world.runV1()
        let error = await #expect(throws: ServiceError.self) {
            try await world.runV1(overrides: #"{"taskCount":2}"#)
        }
        #expect(error?.message.hasPrefix("Permission 'run.jobs.runWithOverrides' denied") == true)
        #expect(
            try await world.store.runJob(project: "demo", location: "us-central1", id: "report")?.executionCount == 1)
    }

    @Test("A token that starts an execution takes the permission to run, and nothing is stored without")
    func tokens() async throws {
        let world = try await World(alice: ["roles/iam.serviceAccountUser"])
        let resource = Resource.project("demo")
        let writer = CustomRole(
            name: CustomRole.Name(.project("demo"), "jobWriter"), title: "", about: "", stage: .generalAvailability,
            permissions: ["run.jobs.create", "run.jobs.get", "run.jobs.update"], etag: Data([1]))
        try await world.directory.change { try $0.put(writer) }
        try await world.directory.grant(writer.name.text, to: "user:alice@example.com", on: resource)
        let json = #"{"startExecutionToken":"v1","template":{"template":{"containers":[{"image":"busybox"}]}}}"#
        let error = await #expect(throws: ServiceError.self) { try await world.create(json) }
        #expect(
            error?.message == "Permission 'run.jobs.run' denied on resource "
                + "'projects/demo/locations/us-central1/jobs/report' (or resource may not exist).")
        await #expect(throws: ServiceError.self) { try await world.job() }
        try await world.create()
        await #expect(throws: ServiceError.self) { try await world.update(json) }
        #expect(try await world.job().executionCount == 0)
        try await world.directory.grant("roles/run.invoker", to: "user:alice@example.com", on: resource)
        _ = try await world.update(json)
        #expect(try await world.job().executionCount == 1)
    }

    @Test("A secret is looked at by its version: a condition may let one be read and not another")
    func secretVersions() async throws {
        let world = try await World()
        try await world.addSecret("key", readBy: nil)
        let condition = PolicyCondition(
            "resource.name.endsWith('/versions/1') && resource.type == 'secretmanager.googleapis.com/SecretVersion'",
            title: "first")
        let binding = Binding(
            role: "roles/secretmanager.secretAccessor", members: ["serviceAccount:\(World.defaultAccount)"],
            condition: condition)
        try await world.directory.setBindings([binding], of: .secret("key", project: "demo"))
        func create(_ version: String) async throws {
            let source = #"{"secretKeyRef":{"secret":"key","version":"\#(version)"}}"#
            try await world.create(
                #"{"template":{"template":{"containers":[{"image":"a","env":[{"name":"A","valueSource":\#(source)}]}]}}}"#,
                id: "v\(version)")
        }
        try await create("1")
        let error = await #expect(throws: ServiceError.self) { try await create("2") }
        #expect(error?.message.contains("/secrets/key/versions/2 for Revision service account") == true)
    }

    @Test("Creating and changing a job takes actAs on its account, the default one included")
    func actAs() async throws {
        let world = try await World(alice: ["roles/run.admin"])
        let error = await #expect(throws: ServiceError.self) { try await world.create() }
        #expect(error?.code == .permissionDenied)
        #expect(
            error?.message
                == "Permission 'iam.serviceaccounts.actAs' denied on service account \(World.defaultAccount) "
                + "(or it may not exist).")
        let account = Resource.serviceAccount(email: World.defaultAccount, project: "demo")
        try await world.directory.grant("roles/iam.serviceAccountUser", to: "user:alice@example.com", on: account)
        try await world.create()
        try await world.directory.setBindings([], of: account)
        await #expect(throws: ServiceError.self) { try await world.update(World.job()) }
        // Executing takes none.
        _ = try await world.run()
    }

    @Test("A job in no project, or of a caller that may not, has no policy to read; one that is missing is not found")
    func policies() async throws {
        let world = try await World()
        func read() async throws -> Google_Iam_V1_Policy {
            try await world.call(
                "google.cloud.run.v1.Jobs.GetIamPolicy",
                Google_Iam_V1_GetIamPolicyRequest.with { $0.resource = "\(World.parent)/jobs/report" },
                as: Google_Iam_V1_Policy.self)
        }
        let error = await #expect(throws: ServiceError.self) { try await read() }
        #expect(error?.code == .notFound)
        await #expect(throws: ServiceError.self) { try await setPolicy(world) }
        try await world.create()
        try await setPolicy(world)
        #expect(try await read().bindings.map(\.role) == ["roles/run.invoker"])
    }

    @Test("An image of the server's own takes reading by the caller and by Cloud Run's agent, and must be there")
    func images() async throws {
        let world = try await World(alice: ["roles/run.admin", "roles/iam.serviceAccountUser"])
        let image = "us-central1-docker.pkg.dev/demo/images/report:1"
        for project in ["demo", "other"] {
            if project == "other" { try await world.directory.addProject("other", number: "210987654321") }
            let repository = Resource.repository("images", location: "us-central1", project: project)
            try await world.directory.change {
                try $0.put(RepositoryRecord(repository, uid: UUID().uuidString, createdAt: Date()))
            }
        }
        func create(_ image: String, id: String) async throws {
            try await world.create("{\"template\":{\"template\":{\"containers\":[{\"image\":\"\(image)\"}]}}}", id: id)
        }
        let denied = await #expect(throws: ServiceError.self) { try await create(image, id: "a") }
        #expect(denied?.message.contains("artifactregistry.repositories.downloadArtifacts") == true)
        try await world.directory.grant("roles/artifactregistry.reader", to: "user:alice@example.com")
        try await create(image, id: "a")
        let missing = "us-central1-docker.pkg.dev/demo/images/missing"
        let absent = await #expect(throws: ServiceError.self) { try await create(missing, id: "b") }
        #expect(absent?.message == "Image '\(missing)' not found.")
        let foreign = "us-central1-docker.pkg.dev/other/images/report@sha256:\(String(repeating: "0", count: 64))"
        try await world.directory.grant(
            "roles/artifactregistry.reader", to: "user:alice@example.com", on: .project("other"))
        let refused = await #expect(throws: ServiceError.self) { try await create(foreign, id: "c") }
        #expect(
            refused?.message.hasPrefix(
                "Google Cloud Run Service Agent \(World.agent) must have permission to read the image, \(foreign).")
                == true)
        #expect(
            refused?.message.contains(
                "Note that the image is from project [other], which is not the same as this project [demo].")
                == true)
        try await world.directory.grant(
            "roles/artifactregistry.reader", to: "serviceAccount:\(World.agent)",
            on: .repository("images", location: "us-central1", project: "other"))
        try await create(foreign, id: "c")
    }

    @Test("A secret takes its reading by the job's account")
    func secrets() async throws {
        let world = try await World()
        let json =
            #"{"template":{"template":{"containers":[{"image":"a","env":[{"name":"S","valueSource":{"secretKeyRef":{"secret":"key"}}}]}]}}}"#
        let error = await #expect(throws: ServiceError.self) { try await world.create(json) }
        #expect(
            error?.message
                == "job.template.template.containers[0].env[0].value_source.secret_key_ref.secret: Permission "
                + "denied on secret: projects/123456789012/secrets/key/versions/latest for Revision service account "
                + "\(World.defaultAccount). The service account used must be granted the 'Secret Manager Secret Accessor' "
                + "role (roles/secretmanager.secretAccessor) at the secret, project or higher level.")
        try await world.addSecret("key", readBy: nil)
        await #expect(throws: ServiceError.self) { try await world.create(json) }
        try await world.addSecret("key")
        try await world.create(json)
    }
}
