import Dispatcher
import FoundationEssentials
import Methods
import Requests
import Store
import Workload

extension CloudRunContext {
    /// Ends an execution early; it and its tasks stay readable.
    ///
    /// - Throws: `FAILED_PRECONDITION` for one that is over.
    func cancel(_ execution: ExecutionState, in place: Place) async throws {
        do {
            _ = try await engine.cancel(execution.record.name, requestID: nil)
        } catch EngineError.alreadyEnded {
            throw ServiceError.failedPrecondition(
                "Execution '\(execution.id)' cannot be cancelled because it is not running.")
        } catch EngineError.unknownJob {
            throw Refusals.missing(.execution, execution.id, in: place)
        }
    }

    /// Ends an execution and forgets it with its tasks.
    ///
    /// - Returns: when that was.
    @discardableResult
    func delete(_ execution: ExecutionState, in place: Place) async throws -> Date {
        do {
            _ = try await engine.delete(execution.record.name, requestID: nil)
        } catch EngineError.unknownJob {
            throw Refusals.missing(.execution, execution.id, in: place)
        }
        let time = Timestamps.rounded(now())
        if let owner = execution.record.owner {
            _ = try await jobs.changeRunJob(uid: owner) { job in
                guard job.latestExecution?.uid == execution.record.uid else { return }
                job.latestExecution?.deletedAt = time
            }
        }
        return time
    }
}
