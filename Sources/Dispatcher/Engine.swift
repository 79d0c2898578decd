import FoundationEssentials
import Store
import Workload

/// What an API asks of the engine. Reading goes to the `JobStore` directly.
public protocol Engine: Sendable {
    /// Takes a job on: durable when it returns.
    ///
    /// - Parameter requestID: a repeat within an hour returns the first job and starts nothing.
    /// - Throws: `StoreError.alreadyExists`, `EngineError.tooLarge`, `StoreError.noSpace`.
    func submit(_ job: JobRecord, requestID: String?) async throws -> JobRecord

    /// Ends a job early; it and its tasks stay readable.
    ///
    /// - Returns: the operation, done once nothing of the job runs any more. A repeat returns the same one.
    /// - Throws: `EngineError.unknownJob`, `EngineError.alreadyEnded`.
    func cancel(_ name: JobName, requestID: String?) async throws -> OperationRecord

    /// Ends a job and forgets it.
    ///
    /// - Returns: the operation, done once the job is gone. A repeat returns the same one.
    /// - Throws: `EngineError.unknownJob`.
    func delete(_ name: JobName, requestID: String?) async throws -> OperationRecord
}

/// What the engine refuses.
public enum EngineError: Error, Hashable, Sendable {
    case unknownJob
    /// The job is in a final state: there is nothing left to cancel.
    case alreadyEnded(JobState)
    /// No node could ever give a task so much memory; the largest has this many MiB.
    case tooLarge(memoryMiB: Int)
}
