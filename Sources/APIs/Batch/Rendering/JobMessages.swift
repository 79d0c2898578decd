import FoundationEssentials
import Schema
import Synchronization
import Workload

/// Jobs that were read lately, as clients read them.
///
/// A message is a function of the job's record, its project's number and the time that it has run. Only for the same of
/// all three is the same message given again, so that nothing has to be told of changes.
final class JobMessages: Sendable {
    private struct Rendered {
        let record: JobRecord
        let projectNumber: String
        let runTime: TimeInterval
        /// What the submitter asked for; it never changes.
        let definition: Wire.Job
        let message: Wire.Job
    }

    /// At most so many: then all are forgotten.
    private static let capacity = 256
    /// Larger jobs, in bytes, and those with more events are rendered each time, so that what is kept is bounded.
    private static let largestSource = 16 << 10
    private static let mostEvents = 64

    private let recent = Mutex<[String: Rendered]>([:])

    /// The message of a job.
    ///
    /// - Throws: when the record's source is not a job: it was written by something else.
    func message(_ record: JobRecord, _ rendering: JobRendering) throws -> Wire.Job {
        let known = recent.withLock { $0[record.uid] }
        let runTime = rendering.runTime(record)
        if let known, known.runTime == runTime, known.projectNumber == rendering.projectNumber, known.record == record {
            return known.message
        }
        let job = try known.map { StoredJob(record: record, definition: $0.definition) } ?? StoredJob(record)
        let rendered = Rendered(
            record: record, projectNumber: rendering.projectNumber, runTime: runTime, definition: job.definition,
            message: rendering.message(job))
        keep(rendered)
        return rendered.message
    }

    private func keep(_ job: Rendered) {
        guard job.record.source.count <= Self.largestSource, job.record.events.count <= Self.mostEvents else { return }
        recent.withLock { recent in
            if recent.count >= Self.capacity, recent[job.record.uid] == nil { recent = [:] }
            recent[job.record.uid] = job
        }
    }
}
