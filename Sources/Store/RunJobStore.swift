import FoundationEssentials
import Workload

/// The jobs of Cloud Run and the operations on them, kept durably: what a method accepted is on disk when it returns.
public protocol RunJobStore: Sendable {
    /// Adds a job.
    ///
    /// - Throws: `StoreError.alreadyExists` when a job that is not deleted has its name.
    func insertRunJob(_ job: RunJobRecord) async throws

    /// The job of a name that is not deleted; nil when there is none.
    func runJob(project: String, location: String, id: String) async throws -> RunJobRecord?

    /// The job of a uid, also when it is deleted; nil when there is none.
    func runJob(uid: String) async throws -> RunJobRecord?

    /// Jobs of a project, newest first, in one location or in all (nil); those after `cursor` when it is given.
    ///
    /// - Parameter deleted: whether deleted ones are among them.
    func runJobs(project: String, location: String?, deleted: Bool, after cursor: RunJobCursor?, limit: Int)
        async throws -> [RunJobRecord]

    /// How many jobs a project has in a location, without the deleted ones.
    func runJobCount(project: String, location: String) async throws -> Int

    /// Changes a job, with no other change in between.
    ///
    /// - Parameter change: throws to leave the job as it is.
    /// - Returns: the job as it is afterwards; nil when there is none of this uid.
    func changeRunJob(uid: String, _ change: @escaping @Sendable (inout RunJobRecord) throws -> Void) async throws
        -> RunJobRecord?

    /// Forgets jobs that were deleted before a time, and operations that were begun before another.
    func forgetRunJobs(deletedBefore deletion: Date, operationsBefore begin: Date) async throws

    /// How many executions have not ended.
    func runningExecutionCount(project: String, location: String) async throws -> Int

    /// Executions of a job that are over, beyond the latest to end.
    ///
    /// - Parameter kept: how many are not among them.
    func surplusExecutions(of jobUID: String, keeping kept: Int, limit: Int) async throws -> [JobName]

    /// Executions of jobs that are deleted: they are to go with their job.
    func executionsOfDeletedJobs() async throws -> [JobName]

    /// How many tasks of a job of the engine have been tried more than once.
    func retriedTaskCount(of jobUID: String) async throws -> Int

    /// Adds an operation.
    func insertRunOperation(_ operation: RunOperationRecord) async throws

    /// An operation by its name; nil when there is none.
    func runOperation(_ name: String) async throws -> RunOperationRecord?

    /// Operations of a project and location, newest first; those after the one of a name when it is given.
    func runOperations(project: String, location: String, after name: String?, limit: Int) async throws
        -> [RunOperationRecord]

    /// Forgets an operation; what it is about is not touched.
    func deleteRunOperation(_ name: String) async throws
}

/// Where a page of jobs ended: its last job.
public struct RunJobCursor: Codable, Hashable, Sendable {
    /// When that job was created.
    public var createdAt: Date
    /// Its uid.
    public var uid: String

    /// The place after a job.
    public init(after job: RunJobRecord) {
        self.createdAt = job.createdAt
        self.uid = job.uid
    }
}
