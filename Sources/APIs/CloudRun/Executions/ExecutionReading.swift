import FoundationEssentials
import Store
import Workload

extension CloudRunContext {
    /// The name by which the engine knows an execution.
    func engineName(of execution: String, in place: Place) -> JobName {
        JobName(api: .run, project: place.project, location: place.region, id: execution)
    }

    /// An execution by its name.
    ///
    /// - Parameter job: the last part of its job's name; nil or a hyphen for whichever.
    /// - Throws: `NOT_FOUND`
    func execution(_ id: String, of job: String? = nil, in place: Place) async throws -> ExecutionState {
        guard let record = try await executions.job(named: engineName(of: id, in: place)) else {
            throw Refusals.missing(.execution, id, in: place)
        }
        let state = try await state(of: record)
        guard job == nil || job == "-" || job == state.job else { throw Refusals.missing(.execution, id, in: place) }
        return state
    }

    /// What there is to say of an execution.
    func state(of record: JobRecord) async throws -> ExecutionState {
        // Nothing is tried again before an agent has had it; a container need not have started for that.
        let canHaveRetries = record.state != .queued && record.plan.retry.maxRetries > 0
        let retried =
            canHaveRetries
            ? try await tallies.retried(of: record.uid, isFinal: record.state.isFinal) {
                try await jobs.retriedTaskCount(of: record.uid)
            } : 0
        return ExecutionState(
            record, definition: try V2.Execution(serializedBytes: record.source), retried: retried)
    }
}
