import Synchronization
import Workload

/// What submitters asked for in jobs that were read lately, decoded: it never changes.
final class DefinitionCache: Sendable {
    /// At most so many: then all are forgotten.
    private static let capacity = 256
    /// Larger jobs are decoded each time, so that what is kept is bounded; in bytes.
    private static let largestSource = 16 << 10

    private let recent = Mutex<[String: Wire.Job]>([:])

    /// The job with the message that its submitter sent.
    ///
    /// - Throws: when the record's source is not a job: it was written by something else.
    func job(_ record: JobRecord) throws -> StoredJob {
        if let known = recent.withLock({ $0[record.uid] }) { return StoredJob(record: record, definition: known) }
        let job = try StoredJob(record)
        guard record.source.count <= Self.largestSource else { return job }
        recent.withLock { recent in
            if recent.count >= Self.capacity { recent = [:] }
            recent[record.uid] = job.definition
        }
        return job
    }
}
