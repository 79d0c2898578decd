import Access
import Foundation
import Methods
import Schema
import SwiftProtobuf
import Testing

@testable import CloudRun

@Suite("Jobs of Cloud Run")
struct JobTests {
    @Test("A created job is ready, and both versions show it")
    func creation() async throws {
        let world = try await World()
        let operation = try await world.create(
            #"{"labels":{"team":"blue"},"template":{"labels":{"kind":"x"},"template":{"containers":[{"image":"busybox"}]}}}"#
        )
        #expect(operation.done)
        let job = try operation.response.message(as: V2.Job.self)
        #expect(try await world.job() == job)
        #expect(job.name == "\(World.parent)/jobs/report")
        #expect(UUID(uuidString: job.uid) != nil)
        #expect(job.generation == 1 && job.observedGeneration == 1)
        #expect(job.creator == "alice@example.com" && job.lastModifier == "alice@example.com")
        #expect(job.terminalCondition.type == "Ready" && job.terminalCondition.state == .conditionSucceeded)
        #expect(!job.reconciling)
        #expect(job.etag.hasPrefix("\"CL"))
        let first = try await world.jobV1()
        #expect(first.kind == "Job" && first.apiVersion == "run.googleapis.com/v1")
        #expect(first.metadata.namespace == "123456789012")
        #expect(first.metadata.uid == job.uid)
        #expect(first.metadata.labels["team"] == "blue")
        #expect(first.metadata.labels["cloud.googleapis.com/location"] == "us-central1")
        #expect(first.metadata.annotations["run.googleapis.com/creator"] == "alice@example.com")
        #expect(first.spec.template.metadata.labels == ["kind": "x"])
        #expect(first.spec.template.spec.template.spec.timeoutSeconds == 600)
        #expect(first.status.conditions.map(\.type) == ["Ready"])
        #expect(first.status.conditions[0].status == "True")
        #expect(first.status.observedGeneration == first.metadata.generation)
        #expect(try await world.jobV1(in: "123456789012") == first)
    }

    @Test(
        "Binary Authorization is refused as what is not there, with all that belongs to it",
        arguments: ["binary-authorization", "binary-authorization-breakglass"])
    func binaryAuthorization(_ key: String) async throws {
        let world = try await World()
        let error = await #expect(throws: ServiceError.self) {
            try await world.createV1(
                World.jobV1(metadata: "\"annotations\":{\"run.googleapis.com/\(key)\":\"x\"},"))
        }
        #expect(error?.fields == ["job.metadata.annotations[\"run.googleapis.com/\(key)\"]"])
        #expect(error?.message.contains("there is no Binary Authorization") == true)
    }

    @Test("What v1 says in annotations, v2 says in fields")
    func annotations() async throws {
        let world = try await World()
        try await world.createV1(
            World.jobV1(
                metadata:
                    #""annotations":{"run.googleapis.com/client-name":"gcloud","run.googleapis.com/launch-stage":"BETA"},"labels":{"client.knative.dev/nonce":"n"},"#,
                annotations:
                    #""run.googleapis.com/execution-environment":"gen2","run.googleapis.com/secrets":"alias:projects/1/secrets/s""#,
                task: #""maxRetries":0,"timeoutSeconds":"60","#))
        let job = try await world.job()
        #expect(job.client == "gcloud" && job.launchStage == .beta)
        #expect(job.annotations.isEmpty && job.template.annotations.isEmpty)
        #expect(job.labels == ["client.knative.dev/nonce": "n"])
        #expect(job.template.template.maxRetries == 0)
        #expect(job.template.template.timeout.seconds == 60)
    }

    @Test(
        "What v1 cannot be served is refused by its name",
        arguments: [
            (#""run.googleapis.com/cloudsql-instances":"a:b:c""#, "cloudsql-instances"),
            (#""run.googleapis.com/network-interfaces":"[]""#, "network-interfaces"),
            (#""run.googleapis.com/vpc-access-connector":"c""#, "vpc-access-connector"),
            (#""run.googleapis.com/vpc-access-egress":"all-traffic""#, "vpc-access-egress"),
            (#""run.googleapis.com/encryption-key":"k""#, "encryption-key"),
            (#""run.googleapis.com/execution-environment":"gen1""#, "execution-environment"),
            (#""run.googleapis.com/secrets":"nonsense""#, "secrets"),
            (#""run.googleapis.com/anything":"x""#, "anything"),
        ])
    func unsupported(_ annotation: String, _ name: String) async throws {
        let world = try await World()
        let error = await #expect(throws: ServiceError.self) {
            try await world.createV1(World.jobV1(annotations: annotation))
        }
        #expect(error?.fields == ["job.spec.template.metadata.annotations[\"run.googleapis.com/\(name)\"]"])
    }

    @Test("What a client of v1 reads it can send back, and changes nothing by it but the versions")
    func roundTrip() async throws {
        let world = try await World()
        try await world.addSecret("k")
        let created = try await world.createV1(
            World.jobV1(
                task:
                    #""volumes":[{"name":"v","emptyDir":{"sizeLimit":"1Gi"}},{"name":"s","secret":{"secretName":"k","items":[{"key":"1","path":"x","mode":256}]}}],"serviceAccountName":"\#(World.defaultAccount)","#,
                container:
                    #""env":[{"name":"A","value":""}],"volumeMounts":[{"name":"v","mountPath":"/v"}],"workingDir":"/w","command":["c"],"#
            ))
        let replaced = try await world.replaceV1(created)
        #expect(replaced.spec == created.spec)
        #expect(replaced.metadata.generation == created.metadata.generation)
        #expect(replaced.metadata.resourceVersion != created.metadata.resourceVersion)
        let stale = await #expect(throws: (any Error).self) { try await world.replaceV1(created) }
        #expect("\(stale.map { "\($0)" } ?? "")".contains("conflict"))
    }

    @Test("A change of what is run is a new generation")
    func update() async throws {
        let world = try await World()
        try await world.create()
        let etag = try await world.job().etag
        let operation = try await world.update(World.job(#""maxRetries":1,"#), etag: etag)
        let job = try operation.response.message(as: V2.Job.self)
        #expect(job.generation == 2 && job.template.template.maxRetries == 1)
        #expect(job.etag != etag)
        await #expect(throws: (any Error).self) { try await world.update(World.job(), etag: etag) }
        let labelled = try await world.update(
            #"{"labels":{"a":"b"},"template":{"template":{"maxRetries":1,"containers":[{"image":"busybox"}]}}}"#)
        #expect(try labelled.response.message(as: V2.Job.self).generation == 2)
    }

    @Test("An update of a job that is not there is refused, unless it may create it")
    func allowMissing() async throws {
        let world = try await World()
        let error = await #expect(throws: ServiceError.self) { try await world.update(World.job()) }
        #expect(
            error?.message
                == "Resource 'report' of kind 'JOB' in region 'us-central1' in project 'demo' does not exist.")
        _ = try await world.update(World.job(), allowMissing: true)
        #expect(try await world.job().generation == 1)
    }

    @Test("A request that is only to be checked stores nothing")
    func validateOnly() async throws {
        let world = try await World()
        let operation = try await world.create(validateOnly: true)
        #expect(operation.done)
        await #expect(throws: ServiceError.self) { try await world.job() }
        await #expect(throws: ServiceError.self) { try await world.operation(operation.name) }
        try await world.create()
        _ = try await world.update(World.job(#""maxRetries":1,"#), validateOnly: true)
        #expect(try await world.job().template.template.maxRetries == 3)
        _ = try await world.run(validateOnly: true)
        #expect(try await world.job().executionCount == 0)
    }

    @Test("A name is taken once, and free again when its job is deleted")
    func names() async throws {
        let world = try await World()
        try await world.create()
        let error = await #expect(throws: ServiceError.self) { try await world.create() }
        #expect(error?.code == .alreadyExists && error?.message == "Resource 'report' already exists.")
        let deleted = try await world.delete().response.message(as: V2.Job.self)
        #expect(deleted.hasDeleteTime && deleted.expireTime.seconds - deleted.deleteTime.seconds == 30 * 86_400)
        try await world.create()
        #expect(try await world.job().uid != deleted.uid)
    }

    @Test("Lists are newest first, page by page, in one region or in all, with deleted jobs on demand")
    func lists() async throws {
        let world = try await World()
        for id in ["a", "b", "c"] { try await world.create(id: id) }
        _ = try await world.delete("b")
        func list(_ size: Int32 = 0, token: String = "", parent: String = World.parent, deleted: Bool = false)
            async throws -> ([String], String)
        {
            let page = try await world.call(
                "google.cloud.run.v2.Jobs.ListJobs",
                Google_Cloud_Run_V2_ListJobsRequest.with {
                    $0.parent = parent
                    $0.pageSize = size
                    $0.pageToken = token
                    $0.showDeleted = deleted
                }, as: Google_Cloud_Run_V2_ListJobsResponse.self)
            return (page.jobs.compactMap { $0.name.split(separator: "/").last.map(String.init) }, page.nextPageToken)
        }
        #expect(try await list().0 == ["c", "a"])
        #expect(try await list(deleted: true).0 == ["c", "b", "a"])
        #expect(try await list(parent: "projects/demo/locations/-").0 == ["c", "a"])
        #expect(try await list(parent: "projects/demo/locations/europe-west1").0 == [])
        let (first, token) = try await list(1)
        #expect(first == ["c"] && !token.isEmpty)
        let (second, end) = try await list(1, token: token)
        #expect(second == ["a"] && end.isEmpty)
    }

    @Test("v1 lists one region at its host and all regions at the common one, by labels")
    func listsV1() async throws {
        let world = try await World()
        try await world.createV1(World.jobV1("a", metadata: #""labels":{"team":"blue"},"#))
        world.host = "europe-west1-run.googleapis.com"
        try await world.createV1(World.jobV1("b"))
        #expect(try await world.jobsV1().items.map(\.metadata.name) == ["b"])
        world.host = "run.googleapis.com"
        let all = try await world.jobsV1()
        #expect(all.items.map(\.metadata.name) == ["b", "a"])
        #expect(all.kind == "JobsList" && all.hasMetadata)
        #expect(try await world.jobsV1("team=blue").items.map(\.metadata.name) == ["a"])
        #expect(
            try await world.jobsV1("cloud.googleapis.com/location in (europe-west1)").items.map(\.metadata.name) == [
                "b"
            ])
        let page = try await world.jobsV1(limit: 1)
        #expect(page.items.map(\.metadata.name) == ["b"])
        #expect(
            try await world.jobsV1(limit: 1, continue: page.metadata.continue).items.map(\.metadata.name) == ["a"])
        let error = await #expect(throws: ServiceError.self) { try await world.jobV1("a") }
        #expect(error?.code == .invalidArgument)
    }

    @Test(
        "A token starts an execution with the job, which is ready when that has started or ended",
        arguments: [true, false])
    func tokens(_ waitsForEnd: Bool) async throws {
        let world = try await World()
        let field = waitsForEnd ? "runExecutionToken" : "startExecutionToken"
        let json = "{\"\(field)\":\"v1\",\"template\":{\"template\":{\"containers\":[{\"image\":\"busybox\"}]}}}"
        let operation = try await world.create(json)
        #expect(!operation.done)
        #expect(try await world.job().reconciling)
        #expect(try await world.job().latestCreatedExecution.name == "report-v1")
        let name = world.name("report-v1")
        try await world.engine.lease(name)
        try await world.engine.happen(.started, to: 0, of: name)
        #expect(try await world.operation(operation.name).done == !waitsForEnd)
        #expect(try await world.job().reconciling == waitsForEnd)
        try await world.engine.happen(.ended(exitCode: 0, detail: nil), to: 0, of: name)
        let done = try await world.operation(operation.name)
        #expect(done.done && done.response.isA(V2.Job.self))
        // The same token starts nothing again.
        _ = try await world.update(json)
        #expect(try await world.job().executionCount == 1)
    }

    @Test("There are only so many jobs in a place")
    func limit() async throws {
        let world = try await World()
        try await world.create(id: "first")
        let record = try #require(try await world.store.runJob(project: "demo", location: "us-central1", id: "first"))
        for number in 1..<JobWriting.mostJobs {
            var copy = record
            copy.uid = "uid-\(number)"
            copy.id = "job-\(number)"
            try await world.store.insertRunJob(copy)
        }
        let error = await #expect(throws: ServiceError.self) { try await world.create(id: "last") }
        #expect(error?.code == .resourceExhausted)
    }
}
