import Directory
import FoundationEssentials
import Methods
import Requests
import Schema
import SwiftProtobuf
import Workload

/// Takes a job on: checks it, fills in its defaults, lowers it to a plan and hands it to the engine.
struct JobCreation: Sendable {
    let context: BatchContext
    let place: Place
    let call: Call

    /// - Returns: the job; that of the first request for a repeated one.
    /// - Throws: `INVALID_ARGUMENT`, `PERMISSION_DENIED`, `ALREADY_EXISTS`; nothing is stored then.
    func create(_ request: Google_Cloud_Batch_V1_CreateJobRequest) async throws -> StoredJob {
        try JobValidator.check(request, in: place.region, hostDirectories: context.hostDirectories)
        let preconditions = Preconditions(directory: context.directory, project: place.project, call: call)
        let account = try await preconditions.serviceAccount(request.job.allocationPolicy.serviceAccount.email)
        let runAsNonRoot = request.job.taskGroups.contains { $0.runAsNonRoot }
        let user = try await preconditions.user(runAsNonRoot: runAsNonRoot)

        let identity = identity(request, serviceAccount: account.email)
        let record = try record(JobDefaults.filled(request.job, as: identity), identity, user, account)
        let requestID = RequestID.scoped(
            request.requestID, place: place.name, account: try call.principal().member)
        do {
            return try StoredJob(try await context.engine.submit(record, requestID: requestID))
        } catch {
            throw ServiceError.from(error, about: identity.name)
        }
    }

    private func identity(_ request: Google_Cloud_Batch_V1_CreateJobRequest, serviceAccount: String)
        -> JobDefaults.Identity
    {
        let id = request.jobID.isEmpty ? JobID.generated(from: context.makeUUID()) : request.jobID
        return JobDefaults.Identity(
            id: id, uid: JobID.uid(of: id, from: context.makeUUID()), place: place, serviceAccount: serviceAccount,
            createdAt: Timestamps.rounded(context.now()))
    }

    private func record(
        _ job: Wire.Job, _ identity: JobDefaults.Identity, _ user: TaskUser, _ account: ServiceAccountRecord
    ) throws -> JobRecord {
        let lowering = JobLowering(
            job: job, name: identity.name, projectNumber: place.project.number, user: user,
            account: JobLowering.Account(email: account.email, uniqueID: account.uniqueID),
            hostDirectories: context.hostDirectories, logLimit: context.logLimit)
        return JobRecord(
            uid: identity.uid, name: identity.name, plan: try lowering.plan(), createdAt: identity.createdAt,
            source: try job.serializedBytes(), submitter: try call.principal().name)
    }
}
