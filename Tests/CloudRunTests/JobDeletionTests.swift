import Access
import DirectorySupport
import Foundation
import Methods
import PolicyAPI
import Schema
import Synchronization
import Testing

@testable import CloudRun

@Suite("Jobs of Cloud Run that are deleted")
struct JobDeletionTests {
    @Test("v1 does not delete a job that runs, unless forced; v2 does")
    func deletion() async throws {
        let world = try await World()
        try await world.create()
        let execution = try await world.start()
        let error = await #expect(throws: ServiceError.self) { try await world.deleteV1() }
        #expect(error?.code == .failedPrecondition)
        #expect(
            error?.message
                == "Job 'report' cannot be deleted while its execution '\(execution)' is running: cancel that "
                + "first, or delete the job with force, which ends its executions.")
        #expect(try await world.deleteV1(force: true).status == "Success")
        #expect(try await world.store.job(named: world.name(execution)) == nil)
        try await world.create()
        let other = try await world.start()
        try await world.engine.lease(world.name(other))
        _ = try await world.delete()
        #expect(try await world.store.job(named: world.name(other))?.state == .deleting)
        await #expect(throws: ServiceError.self) { try await world.job() }
    }

    @Test("A deleted job takes its policy with it")
    func policy() async throws {
        let world = try await World()
        try await world.create()
        let resource = Resource.job("report", location: "us-central1", project: "demo")
        try await world.directory.grant("roles/run.invoker", to: "user:bob@example.com", on: resource)
        _ = try await world.delete()
        try await world.create()
        #expect(world.directory.state.policy(of: resource).bindings.isEmpty)
    }

    /// Leaves a job as a server does that is killed while it deletes it.
    private func breakOffDeletion(of id: String = "report", in world: World) async throws {
        let job = try #require(try await world.store.runJob(project: "demo", location: "us-central1", id: id))
        _ = try await world.store.changeRunJob(uid: job.uid) { $0.deletedAt = Clock.start }
    }

    @Test("The policy of a job whose deletion was broken off does not hold for the next of its name")
    func leftPolicy() async throws {
        let world = try await World()
        try await world.create()
        let resource = Resource.job("report", location: "us-central1", project: "demo")
        try await world.directory.grant("roles/run.invoker", to: "user:bob@example.com", on: resource)
        try await breakOffDeletion(in: world)
        try await world.create()
        #expect(world.directory.state.policy(of: resource).bindings.isEmpty)
    }

    @Test("A policy that is set while its job is deleted and made again is not the new job's")
    func policyOfAnother() async throws {
        let world = try await World()
        let resource = Resource.job("report", location: "us-central1", project: "demo")
        let uids = Mutex(["first", "second"])
        let rows = PolicyMethods(directory: world.directory, service: CloudRunAPI.service).methods(
            PolicyMethods.Rows(
                "Jobs", at: "/v2/{resource=*}", permissions: "run.jobs", resource: { _ in resource },
                identity: { _ in uids.withLock { $0.removeFirst() } }))
        let found = rows.first { $0.name == "Jobs.SetIamPolicy" }
        let method = try #require(found as? UnaryMethod<Google_Iam_V1_SetIamPolicyRequest, Google_Iam_V1_Policy>)
        let call = Call(
            caller: Caller(principal: World.alice, expiresAt: .distantFuture), method: method.name, host: world.host,
            time: world.clock.now, gatekeeper: DirectoryGatekeeper(directory: world.directory))
        let request = Google_Iam_V1_SetIamPolicyRequest.with {
            $0.resource = resource.path
            $0.policy.bindings = [
                .with {
                    $0.role = "roles/run.invoker"
                    $0.members = ["user:alice@example.com"]
                }
            ]
        }
        let error = await #expect(throws: ServiceError.self) { try await method.handler(request, call) }
        #expect(error?.code == .aborted)
        #expect(world.directory.state.policy(of: resource).bindings.isEmpty)
    }

    @Test("Executions of a job whose deletion was broken off are ended at the next start")
    func leftExecutions() async throws {
        let world = try await World()
        for id in ["report", "other"] { try await world.create(id: id) }
        let (ended, running, kept) = (try await world.start(), try await world.start(), try await world.start("other"))
        try await world.engine.run(world.name(ended))
        try await world.engine.lease(world.name(running))
        try await breakOffDeletion(in: world)
        try await CloudRunAPI.endExecutionsOfDeletedJobs(in: world.store, by: world.engine)
        #expect(try await world.store.job(named: world.name(ended)) == nil)
        #expect(try await world.store.job(named: world.name(running))?.state == .deleting)
        #expect(try await world.store.job(named: world.name(kept))?.state == .queued)
    }
}
