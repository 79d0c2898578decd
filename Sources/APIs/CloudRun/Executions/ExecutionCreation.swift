import Access
import Directory
import Dispatcher
import FoundationEssentials
import Methods
import Requests
import Store
import SwiftProtobuf
import Workload

/// Starts executions of jobs.
struct ExecutionCreation: Sendable {
    /// Cloud Run, quotas and limits: running executions in a project and region.
    static let mostRunning = 1000
    /// Cloud Run, quotas and limits: completed executions of a job that are kept.
    static let mostKept = 1000
    private static let attempts = 5

    let context: CloudRunContext
    let place: Place
    let call: Call
    let fields: DefinitionFields

    /// Starts an execution.
    ///
    /// - Parameters:
    ///   - overrides: what is to be otherwise than the job says, this time.
    ///   - name: the last part of its name; nil for one by chance.
    ///   - validateOnly: check everything, and start nothing.
    /// - Throws: `RESOURCE_EXHAUSTED`, `ALREADY_EXISTS`, `INVALID_ARGUMENT`; `NOT_FOUND` when the job was deleted
    ///   meanwhile.
    func start(
        _ job: StoredJob, overrides: V2.Overrides? = nil, named name: String? = nil, validateOnly: Bool = false
    ) async throws -> ExecutionState {
        if let overrides { try DefinitionValidator.check(overrides, of: job.definition, fields) }
        let running = try await context.jobs.runningExecutionCount(project: place.project, location: place.region)
        guard running < Self.mostRunning else {
            throw ServiceError(
                .resourceExhausted,
                "Resource exhausted: \(running) executions are running in '\(place.name)', the most that can be.")
        }
        let definition = try definition(of: job, overrides)
        let state = try await submit(definition, of: job, named: name, validateOnly: validateOnly)
        guard !validateOnly else { return state }
        let latest = RunJobRecord.ExecutionReference(
            id: state.id, uid: state.record.uid, createdAt: state.record.createdAt)
        let changed = try await context.jobs.changeRunJob(uid: job.record.uid) { record in
            record.executionCount += 1
            let isNewest = record.latestExecution.map { $0.createdAt <= latest.createdAt } ?? true
            if isNewest { record.latestExecution = latest }
        }
        if changed?.deletedAt != nil {
            // The job went while its execution came.
            _ = try await context.engine.delete(state.record.name, requestID: nil)
            throw Refusals.missing(.job, job.record.id, in: place)
        }
        if let changed, changed.executionCount > Self.mostKept { try await removeSurplus(of: changed) }
        return state
    }

    /// Removes the oldest of the executions that are over.
    private func removeSurplus(of job: RunJobRecord) async throws {
        for name in try await context.jobs.surplusExecutions(of: job.uid, keeping: Self.mostKept, limit: 100) {
            do {
                _ = try await context.engine.delete(name, requestID: nil)
            } catch EngineError.unknownJob {
                // Gone meanwhile.
            }
        }
    }

    /// A name by chance may be taken: then another one is tried.
    private func submit(
        _ definition: V2.Execution, of job: StoredJob, named name: String?, validateOnly: Bool
    ) async throws -> ExecutionState {
        for attempt in 1... {
            let id = name ?? ExecutionID.random(of: job.record.id)
            do {
                let record = try record(id, definition, of: job)
                if validateOnly { return ExecutionState(record, definition: definition, retried: 0) }
                let kept = try await context.engine.submit(record, requestID: nil)
                return ExecutionState(kept, definition: definition, retried: 0)
            } catch StoreError.alreadyExists where name == nil && attempt < Self.attempts {
                continue
            } catch {
                throw Refusals.from(error, about: id, fields)
            }
        }
        throw Refusals.exists(job.record.id)
    }

    private func record(_ id: String, _ definition: V2.Execution, of job: StoredJob) throws -> JobRecord {
        let lowering = ExecutionLowering(
            execution: definition, id: id, place: place, account: account(of: definition),
            serviceAgent: Preconditions(context: context, place: place, call: call, fields: fields).serviceAgent,
            hostDirectories: context.hostDirectories, logLimit: context.logLimit)
        return JobRecord(
            uid: context.makeUUID().uuidString.lowercased(), name: context.engineName(of: id, in: place),
            plan: try lowering.plan(), createdAt: Timestamps.rounded(context.now()),
            source: try definition.serializedBytes(), submitter: try call.principal().name, owner: job.record.uid)
    }

    /// The account as it is now. One that was deleted has no id; tokens for it are refused.
    private func account(of definition: V2.Execution) -> (email: String, uniqueID: String) {
        let email = definition.template.serviceAccount
        return (email, context.directory.state.userAccount(email)?.uniqueID ?? "")
    }

    private func definition(of job: StoredJob, _ overrides: V2.Overrides?) throws -> V2.Execution {
        let template = job.definition.template
        var execution = V2.Execution()
        execution.job = job.record.id
        execution.creator = try call.principal().name
        execution.launchStage = job.definition.launchStage
        execution.annotations = template.annotations
        execution.labels = template.labels.merging(labels(of: job)) { _, own in own }
        execution.template = template.template
        execution.taskCount = template.taskCount
        execution.parallelism = template.parallelism
        if let overrides { overrides.apply(to: &execution) }
        if execution.parallelism == 0 || execution.parallelism > execution.taskCount {
            execution.parallelism = execution.taskCount
        }
        return execution
    }

    private func labels(of job: StoredJob) -> [String: String] {
        [
            ReservedKeys.location: place.region, ReservedKeys.job: job.record.id, ReservedKeys.jobUID: job.record.uid,
            ReservedKeys.jobGeneration: "\(job.record.generation)",
            ReservedKeys.jobResourceVersion: job.resourceVersion,
        ]
    }
}
