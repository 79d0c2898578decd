import Access
import Directory
import Dispatcher
import Identity
import Methods
import Schema
import Workload

/// Finds out in whose name an attempt asks, anew for each request.
struct AttemptCallers: Sendable {
    let attempts: TaskCredentialsAPI.Attempts
    let accounts: any ServiceAccountKeys

    /// An attempt that runs.
    struct Attempt {
        let job: LeasedJob
        let identity: TaskIdentity
        let instance: TaskInstance
        /// The account that it acts as; neither disabled nor another of the same address.
        let account: ServiceAccountIdentity
    }

    /// The attempt that a request names.
    ///
    /// - Throws: `NOT_FOUND` when the agent does not have it, or not any more, or when its account is gone;
    ///   `FAILED_PRECONDITION` when the account is disabled; `PERMISSION_DENIED` when the platform may not use it.
    func attempt(_ caller: Landfall_Agent_V1_Caller, _ call: Call) async throws -> Attempt {
        let (job, identity) = try await leased(caller)
        let account = try await account(identity.account, id: identity.accountID)
        try await requireUse(of: account, by: identity, call)
        let instance = TaskInstance(
            jobUID: job.uid, index: Int(caller.attempt.index), attempt: Int(caller.attempt.attempt),
            platform: identity.platform)
        return Attempt(job: job, identity: identity, instance: instance, account: account)
    }

    /// Who pulls the images of an attempt: for Batch the account of the job, for Cloud Run the service's own.
    ///
    /// - Throws: as `attempt` does.
    func puller(_ caller: Landfall_Agent_V1_Caller) async throws -> (job: LeasedJob, account: ServiceAccountIdentity) {
        let (job, identity) = try await leased(caller)
        let id = identity.puller == identity.account ? identity.accountID : nil
        return (job, try await account(identity.puller, id: id))
    }

    private func leased(_ caller: Landfall_Agent_V1_Caller) async throws -> (LeasedJob, TaskIdentity) {
        guard let job = await attempts(caller) else {
            throw ServiceError.notFound("The attempt does not run on this agent, or has ended.")
        }
        guard let identity = job.plan.identity else {
            throw ServiceError.notFound("The job runs as no service account.")
        }
        return (job, identity)
    }

    /// - Parameter id: the unique id that it must have; nil: any.
    private func account(_ email: String, id: String?) async throws -> ServiceAccountIdentity {
        guard let account = try await accounts.account(email), id == nil || account.uniqueID == id else {
            throw ServiceError.notFound("The service account \(email) does not exist any more.")
        }
        guard !account.isDisabled else {
            throw ServiceError.failedPrecondition("The service account \(email) is disabled.")
        }
        return account
    }

    /// Cloud Run gives out tokens of another project's account through its own account in the job's project, which must
    /// have been allowed that, and must be so each time.
    private func requireUse(
        of account: ServiceAccountIdentity, by identity: TaskIdentity, _ call: Call
    ) async throws {
        guard identity.platform == .serverless, account.project != identity.project else { return }
        let address = ServiceAgent.run.email(inProject: identity.projectNumber)
        let agent = try await accounts.account(address)
        try await call.gatekeeper.admit(
            .serviceAccount(address, uniqueID: agent?.uniqueID), "iam.serviceAccounts.getAccessToken",
            on: .serviceAccount(email: account.email, project: account.project), service: nil,
            in: RequestContext(time: call.time), record: call.record
        ) { denial in
            .permissionDenied(
                denial,
                message: "The service account \(account.email) is of another project, and \(address) lacks the "
                    + "permission \(denial.permission) on it: roles/iam.serviceAccountTokenCreator has it.")
        }
    }
}
