import Dispatcher
import Methods
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
    func delete(_ execution: ExecutionState, in place: Place) async throws {
        do {
            _ = try await engine.delete(execution.record.name, requestID: nil)
        } catch EngineError.unknownJob {
            throw Refusals.missing(.execution, execution.id, in: place)
        }
    }
}
