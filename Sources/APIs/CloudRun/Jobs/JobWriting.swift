import Directory
import FoundationEssentials
import Methods
import Requests
import Store

/// Creates and changes jobs: checks what is asked for, fills in defaults, and starts the execution that a token asks for.
struct JobWriting: Sendable {
    /// Cloud Run, quotas and limits: jobs in a project and region.
    static let mostJobs = 1000

    let context: CloudRunContext
    let place: Place
    let call: Call
    let fields: DefinitionFields

    /// What was written, and the operation that tells of it.
    struct Outcome: Sendable {
        let job: StoredJob
        let operation: RunOperationRecord
    }

    /// Creates a job.
    ///
    /// - Parameter validateOnly: check everything, and store nothing.
    /// - Throws: `INVALID_ARGUMENT`, `PERMISSION_DENIED`, `ALREADY_EXISTS`, `RESOURCE_EXHAUSTED`. Nothing is stored then,
    ///   unless it is the execution of a token that cannot start: the job is there all the same.
    func create(_ job: V2.Job, id: String, validateOnly: Bool = false) async throws -> Outcome {
        guard JobID.isValid(id) else {
            let field = fields.version == .v1 ? "job.metadata.name" : "job_id"
            throw ServiceError.invalidArgument("Invalid value for '\(field)': \(JobID.rule).", field: field)
        }
        let definition = try await settled(job, id: id)
        try await requireRun(of: id, by: StoredJob.Token(definition), former: nil)
        if try await context.jobs.runJob(project: place.project, location: place.region, id: id) != nil {
            throw Refusals.exists(id)
        }
        guard try await context.jobs.runJobCount(project: place.project, location: place.region) < Self.mostJobs else {
            throw ServiceError(
                .resourceExhausted, "There are as many jobs in '\(place.name)' as there can be: \(Self.mostJobs).")
        }
        let now = Timestamps.rounded(context.now())
        let record = RunJobRecord(
            uid: context.makeUUID().uuidString.lowercased(), project: place.project, location: place.region, id: id,
            createdAt: now, creator: try call.principal().name, definition: try definition.serializedBytes(),
            operation: context.makeUUID().uuidString.lowercased())
        if validateOnly { return try outcome(StoredJob(record, latest: nil)) }
        try await context.jobs.forgetRunJobs(
            deletedBefore: now - JobDeletion.memory, operationsBefore: now - OperationList.memory)
        // A server that was killed while it deleted a job of this name may have left its policy.
        try await context.removePolicy(ofJob: id, in: place)
        do {
            try await context.jobs.insertRunJob(record)
        } catch StoreError.alreadyExists {
            throw Refusals.exists(id)
        }
        return try await finish(try StoredJob(record, latest: nil))
    }

    /// Changes a job that exists.
    ///
    /// - Parameter isStale: whether what the caller read is no longer what there is.
    func replace(
        _ current: StoredJob, by job: V2.Job, validateOnly: Bool = false,
        isStale: @escaping @Sendable (StoredJob) -> Bool
    ) async throws -> Outcome {
        let definition = try await settled(job, id: current.record.id)
        try await requireRun(of: current.record.id, by: StoredJob.Token(definition), former: current.token)
        guard !isStale(current) else { throw StoreError.conflict }
        let (name, operation) = (try call.principal().name, context.makeUUID().uuidString.lowercased())
        let (encoded, now) = (try definition.serializedBytes() as Data, Timestamps.rounded(context.now()))
        let change: @Sendable (inout RunJobRecord) throws -> Void = { record in
            let present = try StoredJob(record, latest: nil)
            guard record.deletedAt == nil, !isStale(present) else { throw StoreError.conflict }
            if present.definition.template != definition.template
                || present.definition.createExecution != definition.createExecution
            {
                record.generation += 1
            }
            record.revision += 1
            record.definition = encoded
            (record.updatedAt, record.lastModifier, record.operation) = (now, name, operation)
        }
        if validateOnly {
            var record = current.record
            try change(&record)
            return try outcome(StoredJob(record, latest: current.latest))
        }
        guard let record = try await context.jobs.changeRunJob(uid: current.record.uid, change) else {
            throw Refusals.missing(.job, current.record.id, in: place)
        }
        return try await finish(try StoredJob(record, latest: current.latest), former: current)
    }

    /// A definition that may be stored.
    private func settled(_ job: V2.Job, id: String) async throws -> V2.Job {
        try DefinitionValidator.check(job, id: id, fields, context.hostDirectories)
        let preconditions = Preconditions(context: context, place: place, call: call, fields: fields)
        let account = try await preconditions.serviceAccount(job.template.template.serviceAccount)
        let definition = Definition.filled(job, id: id, serviceAccount: account.email)
        try await preconditions.check(definition, account)
        return definition
    }

    /// Makes sure that the caller may start the execution that a new token asks for: to write a job is not yet to run it.
    private func requireRun(of id: String, by token: StoredJob.Token?, former: StoredJob.Token?) async throws {
        guard let token, token.text != former?.text else { return }
        try await call.require(
            "run.jobs.run", on: .job(id, location: place.region, project: place.project)
        ) { denial in
            fields.version == .v1
                ? Refusals.permissionDenied(denial, on: "namespaces/\(place.project)/jobs/\(id)")
                : Refusals.permissionDenied(denial)
        }
    }

    /// Starts the execution that a new token asks for, and remembers what was done.
    private func finish(_ job: StoredJob, former: StoredJob? = nil) async throws -> Outcome {
        var (job, goal, uid) = (job, RunOperationRecord.Goal.none, String?.none)
        if let token = job.token, token.text != former?.token?.text {
            let creation = ExecutionCreation(context: context, place: place, call: call, fields: fields)
            let execution = try await creation.start(job, named: ExecutionID.named(by: token.text, of: job.record.id))
            job = try await context.job(job.record.id, in: place)
            if case .start = token { goal = .executionStarted } else { goal = .executionEnded }
            uid = execution.record.uid
        }
        let outcome = try outcome(job, goal, execution: uid)
        try await context.jobs.insertRunOperation(outcome.operation)
        return outcome
    }

    private func outcome(
        _ job: StoredJob, _ goal: RunOperationRecord.Goal = .none, execution: String? = nil
    ) throws -> Outcome {
        let message = Version2.message(job, in: place)
        return Outcome(
            job: job,
            operation: try context.operation(
                job.record.operation, on: message, in: place, goal: goal, execution: execution))
    }
}
